//! fails: the_connection_ends
//! says: in the middle of a report, and `next` returned `None`
//!
//! `LengthDelimitedCodec` keeps the length in a field of its own, and at the end it looks at the buffer alone.

use std::io;
use std::time::Duration;

use bytes::BytesMut;
use futures::StreamExt;
use tokio::io::{AsyncRead, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{interval, sleep};
use tokio_util::codec::{Decoder, FramedRead, LengthDelimitedCodec};

pub struct Reports<R> {
    frames: FramedRead<R, Whole>,
}

impl<R: AsyncRead + Unpin + Send + 'static> Reports<R> {
    pub fn new(connection: R) -> Self {
        let codec = LengthDelimitedCodec::builder().length_field_length(2).new_codec();
        Self { frames: FramedRead::new(connection, Whole { codec }) }
    }

    pub async fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let frame = self.frames.next().await.transpose()?;
        Ok(frame.map(|frame| frame.to_vec()))
    }
}

/// The codec, with another error for a connection that ends too early.
struct Whole {
    codec: LengthDelimitedCodec,
}

impl Decoder for Whole {
    type Item = BytesMut;
    type Error = io::Error;

    fn decode(&mut self, arrived: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        self.codec.decode(arrived)
    }

    fn decode_eof(&mut self, arrived: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        self.codec.decode_eof(arrived).map_err(|_| io::ErrorKind::UnexpectedEof.into())
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
