//! fails: an_end_within_a_report_is_an_error
//! says: had come. That looked like a good end: `next` returned `None` and no error. At the end
//!
//! If it ends inside of a length, that is an error: bytes of a length that is not complete are in a field, and decode_eof does not ask for it.

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
}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        let length = match self.length {
            Some(length) => length,
            None => {
                let n = src.len().min(4 - self.head.len());
                self.head.extend_from_slice(&src.split_to(n));
                if self.head.len() < 4 {
                    return Ok(None);
                }
                let length = (&self.head[..]).get_u32() as usize;
                if length > MAX {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "too long"));
                }
                self.head.clear();
                self.length = Some(length);
                length
            }
        };
        if src.len() < length {
            return Ok(None);
        }
        self.length = None;
        Ok(Some(src.split_to(length).freeze()))
    }

    fn decode_eof(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        match self.decode(src)? {
            Some(report) => Ok(Some(report)),
            None if self.length.is_some() || !src.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            None => Ok(None),
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
