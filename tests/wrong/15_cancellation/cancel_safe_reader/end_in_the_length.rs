//! fails: the_connection_ends
//! says: in the middle of a report, and `next` returned `None`. That is an error of the kind
//!
//! A connection that ends between the two bytes of a length is reported as None, not as UnexpectedEof.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    buffer: Vec<u8>,
}

impl<R> Reports<R> {
    fn cut(&mut self) -> Option<Vec<u8>> {
        if self.buffer.len() < 2 {
            return None;
        }
        let end = 2 + usize::from(u16::from_be_bytes([self.buffer[0], self.buffer[1]]));
        if self.buffer.len() < end {
            return None;
        }
        let report = self.buffer[2..end].to_vec();
        self.buffer.drain(..end);
        Some(report)
    }
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, buffer: Vec::new() }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(report) = self.cut() {
                return Ok(Some(report));
            }
            if self.connection.read_buf(&mut self.buffer).await? == 0 {
                // No report has begun yet.
                if self.buffer.len() < 2 {
                    return Ok(None);
                }
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

async fn station(mut connection: DuplexStream) -> io::Result<()> {
    for byte in b"\0\x0612.5 C\0\x04rain\0\x08no wind." {
        connection.write_all(&[*byte]).await?;
        sleep(Duration::from_millis(30)).await;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let (near, far) = duplex(64);
    tokio::spawn(station(far));
    let mut reports = Reports::new(near);
    let mut clock = interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            _ = clock.tick() => println!("tick"),
            report = reports.next() => match report? {
                Some(report) => println!("{}", String::from_utf8_lossy(&report)),
                None => return Ok(()),
            },
        }
    }
}
