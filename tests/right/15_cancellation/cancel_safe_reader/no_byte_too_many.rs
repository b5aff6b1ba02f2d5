//! Reads no more than the present report needs, into a field.

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
            let needed = match self.arrived.first_chunk() {
                Some(length) => 2 + usize::from(u16::from_be_bytes(*length)),
                None => 2,
            };
            let missing = needed - self.arrived.len();
            if missing == 0 {
                return Ok(Some(std::mem::take(&mut self.arrived).split_off(2)));
            }
            let mut limited = (&mut self.connection).take(missing as u64);
            if limited.read_buf(&mut self.arrived).await? == 0 {
                return match self.arrived.len() {
                    0 => Ok(None),
                    _ => Err(io::ErrorKind::UnexpectedEof.into()),
                };
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
