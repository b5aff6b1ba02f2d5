//! fails: a_document_follows_its_line
//! says: are gone
//!
//! Gives the reader up when a document comes, and makes another one for the lines after it.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    reader: Option<BufReader<R>>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { reader: Some(BufReader::new(connection)) }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let Some(reader) = &mut self.reader else { return Ok(None) };
        let mut line = String::new();
        if reader.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
        if line.ends_with('\n') {
            line.pop();
        }
        Ok(Some(line))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let Some(reader) = self.reader.take() else { return Err(io::ErrorKind::NotConnected.into()) };
        let mut connection = reader.into_inner();
        let mut document = vec![0; length];
        let read = connection.read_exact(&mut document).await;
        self.reader = Some(BufReader::new(connection));
        read?;
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
