//! fails: it_waits_for_nothing_that_it_does_not_need
//! says: bytes that it does not need
//!
//! Reads the whole connection before the first line.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};

pub struct Jobs<R> {
    connection: R,
    all: Option<io::Cursor<Vec<u8>>>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, all: None }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        if self.all.is_none() {
            let mut all = Vec::new();
            self.connection.read_to_end(&mut all).await?;
            self.all = Some(io::Cursor::new(all));
        }
        let all = self.all.as_mut().expect("it has been read");
        let mut line = String::new();
        if all.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.ends_with('\n') {
            line.pop();
        }
        Ok(Some(line))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = vec![0; length];
        match &mut self.all {
            Some(all) => all.read_exact(&mut document).await?,
            None => self.connection.read_exact(&mut document).await?,
        };
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
