//! fails: a_document_follows_its_line
//! says: are not those of the document
//!
//! Keeps what is left over as a `String`, and bytes that are no text get lost.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};

pub struct Jobs<R> {
    connection: R,
    rest: String,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, rest: String::new() }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.rest.find('\n') {
                let line = self.rest[..end].to_owned();
                self.rest.drain(..=end);
                return Ok(Some(line));
            }
            let mut buffer = [0; 4096];
            let n = self.connection.read(&mut buffer).await?;
            if n == 0 {
                let rest = std::mem::take(&mut self.rest);
                return Ok((!rest.is_empty()).then_some(rest));
            }
            self.rest.push_str(&String::from_utf8_lossy(&buffer[..n]));
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = std::mem::take(&mut self.rest).into_bytes();
        while bytes.len() < length {
            let mut buffer = [0; 4096];
            let n = self.connection.read(&mut buffer).await?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.extend_from_slice(&buffer[..n]);
        }
        self.rest = String::from_utf8_lossy(&bytes[length..]).into_owned();
        bytes.truncate(length);
        Ok(bytes)
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
