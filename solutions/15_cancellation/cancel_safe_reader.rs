//! Reads reports from a weather station, and may be dropped and called again at any moment.
//!
//! Why bytes were lost: a future owns its local variables, and they are dropped with it. `length` and `report` held bytes
//! that were gone from the connection already. The next call began with an empty buffer, in the middle of a report. And
//! `read_exact` cannot go on where it was: how far it has come is known only to its own future.
//!
//! Here, what has arrived belongs to `Reports` and not to a call. A call owns nothing that would be missed, and its only
//! await is `read_buf`, which has read nothing if it is dropped. Between that await and the `return`, nothing waits, so
//! nobody can drop the call there.
//!
//! `read` into a local array is as good, if the bytes are appended to `self.arrived` before the next await.
//! `tokio_util::codec::FramedRead` is this very struct, finished: it owns the buffer, and its `next` is cancel safe. The
//! other way out is not to drop the call: make its future once, outside of the loop, and put `&mut` of it into `select!`.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: R,
    /// What has arrived and has not been returned yet: the beginning of the next report, or several reports.
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
            // The only await. `read_buf` appends to `arrived` when it is ready, and has read nothing when it is dropped.
            if self.connection.read_buf(&mut self.arrived).await? == 0 {
                let complete = self.arrived.is_empty();
                return if complete { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }

    /// Takes the next report out of `arrived`, or nothing at all as long as it is not complete.
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
