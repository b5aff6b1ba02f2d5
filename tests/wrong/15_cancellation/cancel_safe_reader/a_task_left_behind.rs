//! fails: two_connections_have_nothing_in_common
//! says: A `Reports` was dropped, and its connection is still open. Nothing is left behind
//!
//! A detached task reads; when `Reports` is dropped, the task and the connection stay (page: an object takes along what it owns).

use std::io;
use std::marker::PhantomData;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    reports: mpsc::Receiver<io::Result<Vec<u8>>>,
    connection: PhantomData<R>,
}

async fn read_report<R: AsyncRead + Unpin>(connection: &mut R) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 2];
    if connection.read(&mut length[..1]).await? == 0 {
        return Ok(None);
    }
    connection.read_exact(&mut length[1..]).await?;
    let mut report = vec![0; usize::from(u16::from_be_bytes(length))];
    connection.read_exact(&mut report).await?;
    Ok(Some(report))
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(mut connection: R) -> Self {
        let (sender, reports) = mpsc::channel(1);
        tokio::spawn(async move {
            while let Some(report) = read_report(&mut connection).await.transpose() {
                let last = report.is_err();
                if sender.send(report).await.is_err() || last {
                    return;
                }
            }
        });
        Self { reports, connection: PhantomData }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.reports.recv().await.transpose()
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
