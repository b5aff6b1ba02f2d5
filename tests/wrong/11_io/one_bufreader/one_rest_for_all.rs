//! fails: two_connections_have_nothing_in_common
//! says: of the other connection
//!
//! Keeps what is left over in a `static`, for all connections.

use std::io;
use std::sync::Mutex;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, duplex};

static REST: Mutex<Vec<u8>> = Mutex::new(Vec::new());

pub struct Jobs<R> {
    connection: R,
}

impl<R: AsyncRead + Unpin> Jobs<R> {
    pub fn new(connection: R) -> Self {
        Self { connection }
    }

    pub async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            let found = {
                let mut rest = REST.lock().unwrap();
                rest.iter().position(|byte| *byte == b'\n').map(|end| rest.drain(..=end).collect::<Vec<u8>>())
            };
            if let Some(mut line) = found {
                line.pop();
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
            let mut buffer = [0; 4096];
            let n = self.connection.read(&mut buffer).await?;
            let mut rest = REST.lock().unwrap();
            rest.extend_from_slice(&buffer[..n]);
            if n == 0 {
                let rest = std::mem::take(&mut *rest);
                return Ok((!rest.is_empty()).then(|| String::from_utf8_lossy(&rest).into_owned()));
            }
        }
    }

    pub async fn document(&mut self, length: usize) -> io::Result<Vec<u8>> {
        loop {
            {
                let mut rest = REST.lock().unwrap();
                if rest.len() >= length {
                    return Ok(rest.drain(..length).collect());
                }
            }
            let mut buffer = [0; 4096];
            let n = self.connection.read(&mut buffer).await?;
            if n == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            REST.lock().unwrap().extend_from_slice(&buffer[..n]);
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
