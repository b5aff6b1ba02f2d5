//! fails: it_waits_for_nothing_that_it_does_not_need
//! says: by the clock of this test. It waits for something that never comes. The connection has handed
//!
//! Neither waits for bytes that it does not need: a document of length 0 waits for one.

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
        let mut document = Vec::new();
        loop {
            let piece = self.connection.fill_buf().await?;
            if piece.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let n = piece.len().min(length - document.len());
            document.extend_from_slice(&piece[..n]);
            self.connection.consume(n);
            if document.len() == length {
                return Ok(document);
            }
        }
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
