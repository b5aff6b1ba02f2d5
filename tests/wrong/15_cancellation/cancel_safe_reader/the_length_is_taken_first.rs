//! fails: no_byte_is_lost_wherever_next_is_dropped
//! says: What a future has in its variables
//!
//! Takes the length out of the buffer before the report is complete.

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
        while self.arrived.len() < 2 {
            if self.connection.read_buf(&mut self.arrived).await? == 0 {
                let complete = self.arrived.is_empty();
                return if complete { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
        let length: Vec<u8> = self.arrived.drain(..2).collect();
        let length = usize::from(u16::from_be_bytes([length[0], length[1]]));
        while self.arrived.len() < length {
            if self.connection.read_buf(&mut self.arrived).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(Some(self.arrived.drain(..length).collect()))
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
