//! Everything is moved into fields, byte by byte, and decode_eof knows them.

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
    head: Vec<u8>,
    length: Option<usize>,
    body: Vec<u8>,
}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        while self.length.is_none() {
            if src.is_empty() {
                return Ok(None);
            }
            self.head.push(src.get_u8());
            if self.head.len() == 4 {
                let length = self.head.iter().fold(0_u64, |length, &byte| length * 256 + u64::from(byte));
                if length > MAX as u64 {
                    return Err(io::Error::other(format!("a report of {length} bytes")));
                }
                self.length = Some(length as usize);
                self.head.clear();
            }
        }
        let length = self.length.unwrap_or(0);
        let n = src.len().min(length - self.body.len());
        self.body.extend_from_slice(&src.split_to(n));
        if self.body.len() < length {
            return Ok(None);
        }
        self.length = None;
        Ok(Some(Bytes::from(std::mem::take(&mut self.body))))
    }

    fn decode_eof(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        if let Some(report) = self.decode(src)? {
            return Ok(Some(report));
        }
        if self.head.is_empty() && self.length.is_none() {
            Ok(None)
        } else {
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        }
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
