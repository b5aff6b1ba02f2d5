//! fails: no_byte_is_lost_wherever_next_is_dropped
//! says: What a future has in its variables
//!
//! Each call reads in a task of its own, which nobody can drop; its report gets lost with the handle.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::Mutex;
use tokio::time::{interval, sleep};

pub struct Reports<R> {
    connection: Arc<Mutex<R>>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { connection: Arc::new(Mutex::new(connection)) }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let connection = Arc::clone(&self.connection);
        let task = tokio::spawn(async move {
            let mut connection = connection.lock().await;
            let mut length = [0; 2];
            if connection.read(&mut length[..1]).await? == 0 {
                return Ok(None);
            }
            connection.read_exact(&mut length[1..]).await?;
            let mut report = vec![0; usize::from(u16::from_be_bytes(length))];
            connection.read_exact(&mut report).await?;
            Ok(Some(report))
        });
        task.await.expect("reading does not panic")
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
