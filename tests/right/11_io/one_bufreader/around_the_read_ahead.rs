//! A BufReader; a document takes the read-ahead, and then reads from the connection directly.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: BufReader<R>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection: BufReader::new(connection) }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = String::new();
        if self.connection.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.ends_with('\n') {
            line.pop();
        }
        Ok(Some(line))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let ahead = self.connection.buffer();
        let n = ahead.len().min(length);
        let mut document = ahead[..n].to_vec();
        self.connection.consume(n);
        if n < length {
            document.resize(length, 0);
            self.connection.get_mut().read_exact(&mut document[n..]).await?;
        }
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
