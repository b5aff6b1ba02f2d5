//! `Split` owns the reader; lines are bytes first.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, copy, duplex};

pub struct Jobs<R> {
    connection: BufReader<R>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection: BufReader::new(connection) }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let n = self.connection.read_until(b'\n', &mut line).await?;
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let line =
            String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok((n > 0).then_some(line))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = Vec::with_capacity(length);
        let mut part = (&mut self.connection).take(length as u64);
        let n = copy(&mut part, &mut document).await?;
        if n < length as u64 { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(document) }
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
