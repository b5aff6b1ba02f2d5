//! A control room receives reports from a weather station. On the wire, a report is its length in two bytes, big-endian,
//! and then that many bytes, whatever they are. `next` returns the next report as soon as its last byte has arrived, and
//! `None` when the connection has ended after a report. If the connection ends within one, that is an error of the kind
//! `UnexpectedEof`. Errors of the connection are passed on. After an error, nobody calls `next` again.
//!
//! The control room waits for the next report and for its clock at the same time, with `select!`. So `next` is dropped at
//! each tick, wherever it is at that moment, and is called again. No byte may be lost by that.
//!
//! In `cargo run` the network is slow, and after the first tick no report is what the station has sent.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 2];
        if self.connection.read(&mut length[..1]).await? == 0 {
            return Ok(None);
        }
        self.connection.read_exact(&mut length[1..]).await?;
        let mut report = vec![0; usize::from(u16::from_be_bytes(length))];
        self.connection.read_exact(&mut report).await?;
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
