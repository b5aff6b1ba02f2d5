//! `FramedRead` with a decoder that takes a report out when it is complete.

use std::io;
use std::time::Duration;

use bytes::{Buf, BytesMut};
use futures::StreamExt;
use tokio::io::{AsyncRead, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};
use tokio_util::codec::{Decoder, FramedRead};

pub struct Reports<R> {
    frames: FramedRead<R, Wire>,
}

struct Wire;

impl Decoder for Wire {
    type Item = Vec<u8>;
    type Error = io::Error;

    fn decode(&mut self, arrived: &mut BytesMut) -> io::Result<Option<Vec<u8>>> {
        let Some((length, rest)) = arrived.split_first_chunk() else { return Ok(None) };
        let length = usize::from(u16::from_be_bytes(*length));
        if rest.len() < length {
            return Ok(None);
        }
        arrived.advance(2);
        Ok(Some(arrived.split_to(length).to_vec()))
    }

    fn decode_eof(&mut self, arrived: &mut BytesMut) -> io::Result<Option<Vec<u8>>> {
        let report = self.decode(arrived)?;
        if report.is_none() && !arrived.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(report)
    }
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        Self { frames: FramedRead::new(connection, Wire) }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        self.frames.next().await.transpose()
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
