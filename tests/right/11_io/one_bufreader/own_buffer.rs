//! A Vec of its own with what has been read and not been asked for.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: R,
    ahead: Vec<u8>,
    searched: usize,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, ahead: Vec::new(), searched: 0 }
    }

    /// Is false at the end.
    async fn more(&mut self) -> io::Result<bool> {
        let mut piece = vec![0; 4096];
        let n = self.connection.read(&mut piece).await?;
        self.ahead.extend_from_slice(&piece[..n]);
        Ok(n > 0)
    }

    fn cut(&mut self, length: usize) -> Vec<u8> {
        let rest = self.ahead.split_off(length);
        self.searched = 0;
        std::mem::replace(&mut self.ahead, rest)
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let line = loop {
            if let Some(at) = self.ahead[self.searched..].iter().position(|&byte| byte == b'\n') {
                let mut line = self.cut(self.searched + at + 1);
                line.pop();
                break line;
            }
            self.searched = self.ahead.len();
            if !self.more().await? {
                if self.ahead.is_empty() {
                    return Ok(None);
                }
                break self.cut(self.ahead.len());
            }
        };
        match String::from_utf8(line) {
            Ok(line) => Ok(Some(line)),
            Err(error) => Err(io::Error::new(io::ErrorKind::InvalidData, error)),
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < length {
            if !self.more().await? {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "a part of the document is missing",
                ));
            }
        }
        Ok(self.cut(length))
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut computer, server) = duplex(1024);
    computer.write_all(b"Shopping list, 11\nmilk\nbread\nThank you, 13\nDear Ada,\n...").await?;
    drop(computer);

    let mut jobs = Jobs::new(server);
    while let Some(line) = jobs.line().await? {
        println!("{line}");
        let length = line.rsplit(", ").next().and_then(|length| length.parse().ok()).unwrap_or(0);
        println!("{:?}", String::from_utf8_lossy(&jobs.document(length).await?));
    }
    Ok(())
}
