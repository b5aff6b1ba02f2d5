//! fails: lines_that_arrive_together_come_one_by_one
//! says: Three lines arrived in one piece, and one of them is long. Call
//!
//! Returns the next line: one of more than 8 KiB is cut in pieces, because the buffer has no room.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, buffer: vec![0; 8 * 1024], start: 0, end: 0 }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            let ahead = &self.buffer[self.start..self.end];
            if let Some(at) = ahead.iter().position(|&byte| byte == b'\n') {
                let line = ahead[..at].to_vec();
                self.start += at + 1;
                return text(line).map(Some);
            }
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            let n = self.connection.read(&mut self.buffer[self.end..]).await?;
            if n == 0 {
                let line = self.buffer[..self.end].to_vec();
                self.end = 0;
                return if line.is_empty() { Ok(None) } else { text(line).map(Some) };
            }
            self.end += n;
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = vec![0; length];
        let n = length.min(self.end - self.start);
        document[..n].copy_from_slice(&self.buffer[self.start..self.start + n]);
        self.start += n;
        self.connection.read_exact(&mut document[n..]).await?;
        Ok(document)
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
