//! Keeps the bytes that are left over itself.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};

pub struct Jobs<R> {
    connection: R,
    /// Read, and not returned yet.
    rest: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, rest: Vec::new() }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut searched = 0;
        loop {
            if let Some(end) = self.rest[searched..].iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.rest.drain(..=searched + end).collect();
                line.pop();
                return text(line).map(Some);
            }
            searched = self.rest.len();
            self.rest.reserve(4096);
            if self.connection.read_buf(&mut self.rest).await? == 0 {
                if self.rest.is_empty() {
                    return Ok(None);
                }
                return text(std::mem::take(&mut self.rest)).map(Some);
            }
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.rest.len() < length {
            if self.connection.read_buf(&mut self.rest).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.rest.drain(..length).collect())
    }
}

fn text(line: Vec<u8>) -> io::Result<String> {
    String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
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
