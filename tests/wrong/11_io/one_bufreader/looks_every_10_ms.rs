//! fails: it_waits_for_nothing_that_it_does_not_need
//! says: the connection wakes the task
//!
//! Asks every 10 ms whether a line has arrived.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};
use tokio::time::timeout;

pub struct Jobs<R> {
    connection: BufReader<R>,
    line: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection: BufReader::new(connection), line: Vec::new() }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            let read =
                timeout(Duration::from_millis(10), self.connection.read_until(b'\n', &mut self.line)).await;
            let Ok(n) = read else { continue };
            if n? == 0 && self.line.is_empty() {
                return Ok(None);
            }
            let mut line = std::mem::take(&mut self.line);
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = vec![0; length];
        self.connection.read_exact(&mut document).await?;
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
