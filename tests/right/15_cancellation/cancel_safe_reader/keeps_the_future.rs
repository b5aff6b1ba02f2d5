//! The read of a report stays as it was, but its future owns the connection and lies in a field until it is ready (clumsy).

use std::io;
use std::pin::Pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};

type Reading<R> = Pin<Box<dyn Future<Output = (R, io::Result<Option<Vec<u8>>>)> + Send>>;

pub struct Reports<R> {
    connection: Option<R>,
    reading: Option<Reading<R>>,
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
    pub fn new(connection: R) -> Self {
        Self { connection: Some(connection), reading: None }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        if self.reading.is_none() {
            let mut connection = self.connection.take().expect("nobody reads");
            self.reading = Some(Box::pin(async move {
                let result = read_report(&mut connection).await;
                (connection, result)
            }));
        }
        let reading = self.reading.as_mut().expect("it has just been made");
        let (connection, result) = reading.await;
        self.reading = None;
        self.connection = Some(connection);
        result
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
