//! fails: no_byte_is_lost_wherever_next_is_dropped
//! says: What a future has in its variables
//!
//! The buffers are fields, and how far they are filled is not.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    length: [u8; 2],
    report: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, length: [0; 2], report: Vec::new() }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.connection.read(&mut self.length[..1]).await? == 0 {
            return Ok(None);
        }
        self.connection.read_exact(&mut self.length[1..]).await?;
        self.report.resize(usize::from(u16::from_be_bytes(self.length)), 0);
        self.connection.read_exact(&mut self.report).await?;
        Ok(Some(self.report.clone()))
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
