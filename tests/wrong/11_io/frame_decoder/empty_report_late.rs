//! fails: every_report_counts
//! says: out of the buffer. The next call finds only what this one leaves, unless `Reports` remembers
//!
//! As soon as its last byte is there: an empty report comes out only with the next byte, if its length was the last thing in the buffer.

use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures::StreamExt;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::time::sleep;
use tokio_util::codec::{Decoder, FramedRead};

/// No report has more bytes.
pub const MAX: usize = 64 * 1024;

/// Each connection has one of its own. Tests make it with `Reports::default()`.
#[derive(Default)]
pub struct Reports {
    length: Option<usize>,
}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        loop {
            match self.length {
                _ if src.is_empty() => return Ok(None),
                None if src.len() < 4 => return Ok(None),
                None => {
                    let length = src.get_u32() as usize;
                    if length > MAX {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
                    }
                    self.length = Some(length);
                }
                Some(length) if src.len() < length => return Ok(None),
                Some(length) => {
                    self.length = None;
                    return Ok(Some(src.split_to(length).freeze()));
                }
            }
        }
    }

    fn decode_eof(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        if let Some(report) = self.decode(src)? {
            return Ok(Some(report));
        }
        if src.is_empty() && self.length == Some(0) {
            self.length = None;
            return Ok(Some(Bytes::new()));
        }
        if !src.is_empty() || self.length.is_some() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(None)
    }
}

/// Sends three reports, each with the number of the meter and what it counted.
async fn meter(mut connection: DuplexStream) -> io::Result<()> {
    let mut bytes = Vec::new();
    for counted in [81_004_u64, 81_017, 81_017] {
        bytes.extend(12_u32.to_be_bytes());
        bytes.extend(263_u32.to_be_bytes());
        bytes.extend(counted.to_be_bytes());
    }
    for piece in bytes.chunks(6) {
        connection.write_all(piece).await?;
        sleep(Duration::from_millis(5)).await;
    }
    Ok(())
}

#[tokio::main]
async fn main() {
    let (far, near) = duplex(1024);
    tokio::spawn(meter(far));
    let mut reports = FramedRead::new(near, Reports::default());
    while let Some(report) = reports.next().await {
        println!("{report:?}");
    }
}
