//! fails: a_report_is_returned_when_its_last_byte_has_arrived
//! says: wakes up again and again
//!
//! Asks every 10 ms whether bytes have arrived.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    arrived: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, arrived: Vec::new() }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(report) = self.take() {
                return Ok(Some(report));
            }
            if self.ask().await? == 0 {
                let complete = self.arrived.is_empty();
                return if complete { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }

    async fn ask(&mut self) -> io::Result<usize> {
        loop {
            let nap = Duration::from_millis(10);
            if let Ok(read) = tokio::time::timeout(nap, self.connection.read_buf(&mut self.arrived)).await {
                return read;
            }
        }
    }

    fn take(&mut self) -> Option<Vec<u8>> {
        let (length, rest) = self.arrived.split_first_chunk()?;
        let report = rest.get(..usize::from(u16::from_be_bytes(*length)))?.to_vec();
        self.arrived.drain(..2 + report.len());
        Some(report)
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
