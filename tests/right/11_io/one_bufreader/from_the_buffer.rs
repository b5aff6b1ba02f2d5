//! Looks into the buffer of the reader, and consumes what it takes.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: BufReader<R>,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection: BufReader::with_capacity(2048, connection) }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let mut complete = false;
        while !complete {
            let there = self.connection.fill_buf().await?;
            if there.is_empty() {
                if line.is_empty() {
                    return Ok(None);
                }
                break;
            }
            let end = there.iter().position(|byte| *byte == b'\n');
            line.extend_from_slice(&there[..end.unwrap_or(there.len())]);
            let used = end.map_or(there.len(), |end| end + 1);
            self.connection.consume(used);
            complete = end.is_some();
        }
        let line =
            String::from_utf8(line).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Some(line))
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut document = Vec::new();
        (&mut self.connection).take(length as u64).read_to_end(&mut document).await?;
        if document.len() < length {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the document is not complete"));
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
