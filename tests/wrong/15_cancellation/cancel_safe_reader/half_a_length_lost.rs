//! fails: no_byte_is_lost_wherever_next_is_dropped
//! says: and `next` returned an error of the kind UnexpectedEof. What a future has in its variables
//!
//! Two cancel-safe awaits in a row: when it is dropped between the two bytes of the length, the first one is lost.

use std::io;
use std::mem;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    length: Option<usize>,
    report: Vec<u8>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection, length: None, report: Vec::new() }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let length = match self.length {
            Some(length) => length,
            None => {
                let mut high = [0];
                if self.connection.read(&mut high).await? == 0 {
                    return Ok(None);
                }
                let low = self.connection.read_u8().await?;
                let length = usize::from(u16::from_be_bytes([high[0], low]));
                self.length = Some(length);
                length
            }
        };
        while self.report.len() < length {
            let missing = length - self.report.len();
            let mut part = (&mut self.connection).take(missing as u64);
            if part.read_buf(&mut self.report).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        self.length = None;
        Ok(Some(mem::take(&mut self.report)))
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
