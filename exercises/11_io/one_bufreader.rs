//! A print server. For each document, a computer sends a line with its title and its length, and then the document itself:
//! so many bytes, whatever they are. The next line follows right after them.
//!
//! `line` returns the next line without its `\n`, and `None` when the connection has ended. If the connection ends within a
//! line, what is there of it is the last line. `document` returns the next `length` bytes. If the connection ends before
//! that, it is an error of the kind `UnexpectedEof`. Neither waits for bytes that it does not need, and errors of the
//! connection are passed on. No line has a `\r`.
//!
//! Each read from the connection is a system call, so `line` does not read byte by byte, nor line by line: it reads
//! 1 KiB at least, if that much has arrived.
//!
//! `cargo run` sends two documents. The server prints the first title and then breaks off.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, duplex};

pub struct Jobs<R> {
    connection: R,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        let mut reader = BufReader::new(&mut self.connection);
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
