//! A print server: lines and documents from one connection, through one buffer.
//!
//! Why everything after the first title was lost: a `BufReader` reads as much as it gets. The first one got all that the computer
//! had sent, gave the first line away, and was dropped together with the rest. The connection did not have these bytes any more.
//!
//! So the reader has to live as long as the connection, and everything has to be read through it. `read_exact` on the `BufReader`
//! takes the read-ahead first, and then goes on with the connection. `get_mut().read_exact(…)` would go around the read-ahead,
//! which is the same mistake in the other method.
//!
//! Without a buffer, a line could only be read byte by byte, with a system call for each of them: nobody knows where it ends.
//! `Lines` also owns its reader and can be kept in the struct; `get_mut` then leads to the `BufReader`, for the documents. If you
//! keep a `Vec` of your own with what is left over, keep bytes and not text: a read can end in the middle of a character.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    /// What it has read ahead belongs to the next call, whichever that is.
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
