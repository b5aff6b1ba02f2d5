//! A reader for each call, which begins with what the one before it has left.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: R,
    read_ahead: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, read_ahead: Vec::new() }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let before = std::mem::take(&mut self.read_ahead);
        let mut reader = BufReader::new(before.as_slice().chain(&mut self.connection));
        let mut line = String::new();
        let n = reader.read_line(&mut line).await;
        let (mut ahead, (unread, _)) = (reader.buffer().to_vec(), reader.get_ref().get_ref());
        ahead.extend_from_slice(unread);
        self.read_ahead = ahead;
        if n? == 0 {
            return Ok(None);
        }
        Ok(Some(line.strip_suffix('\n').map(String::from).unwrap_or(line)))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = vec![0; length];
        let there = length.min(self.read_ahead.len());
        let rest = self.read_ahead.split_off(there);
        document[..there].copy_from_slice(&self.read_ahead);
        self.read_ahead = rest;
        self.connection.read_exact(&mut document[there..]).await?;
        Ok(document)
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
