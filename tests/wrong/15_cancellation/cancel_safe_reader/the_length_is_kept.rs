//! fails: no_byte_is_lost_wherever_next_is_dropped
//! says: What a future has in its variables
//!
//! Keeps the length in a field, and the report in a variable.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    length: Option<u16>,
    first: Option<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, length: None, first: None }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.first.is_none() && self.length.is_none() {
            let mut first = [0];
            if self.connection.read(&mut first).await? == 0 {
                return Ok(None);
            }
            self.first = Some(first[0]);
        }
        if let Some(first) = self.first {
            let second = self.connection.read_u8().await?;
            self.first = None;
            self.length = Some(u16::from_be_bytes([first, second]));
        }
        let mut report = vec![0; usize::from(self.length.expect("it was read"))];
        self.connection.read_exact(&mut report).await?;
        self.length = None;
        Ok(Some(report))
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
