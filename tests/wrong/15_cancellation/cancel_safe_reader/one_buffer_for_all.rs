//! fails: two_connections_have_nothing_in_common
//! says: Two connections were read in turns
//!
//! A `static` for what has arrived.

use std::io;
use std::sync::Mutex;
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
        loop {
            if let Some(report) = take() {
                return Ok(Some(report));
            }
            let mut piece = [0; 512];
            let n = self.connection.read(&mut piece).await?;
            ARRIVED.lock().unwrap().extend_from_slice(&piece[..n]);
            if n == 0 {
                let rest = std::mem::take(&mut *ARRIVED.lock().unwrap());
                let complete = rest.is_empty();
                return if complete { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
            }
        }
    }
}

static ARRIVED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

fn take() -> Option<Vec<u8>> {
    let mut arrived = ARRIVED.lock().unwrap();
    let (length, rest) = arrived.split_first_chunk()?;
    let report = rest.get(..usize::from(u16::from_be_bytes(*length)))?.to_vec();
    arrived.drain(..2 + report.len());
    Some(report)
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
