//! fails: errors_are_passed_on
//! says: of a document, and `document` returned an error of the kind UnexpectedEof. It should be the
//!
//! Errors of the connection are passed on: within a document each is an UnexpectedEof.

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
        let mut document = vec![0; length];
        match self.connection.read_exact(&mut document).await {
            Ok(_) => Ok(document),
            Err(_) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the document is not complete")),
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
