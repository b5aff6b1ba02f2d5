//! A state machine that takes one byte after the other.

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
    state: State,
}

enum State {
    Length { bytes: [u8; 4], found: usize },
    Report { report: Vec<u8>, length: usize },
}

impl Default for State {
    fn default() -> Self {
        Self::Length { bytes: [0; 4], found: 0 }
    }
}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        loop {
            match &mut self.state {
                State::Length { bytes, found: 4 } => {
                    let length = u32::from_be_bytes(*bytes) as usize;
                    if length > MAX {
                        return Err(io::Error::new(io::ErrorKind::InvalidData, "the report is too long"));
                    }
                    self.state = State::Report { report: Vec::with_capacity(length), length };
                }
                State::Report { report, length } if report.len() == *length => {
                    let report = std::mem::take(report);
                    self.state = State::default();
                    return Ok(Some(report.into()));
                }
                _ if src.is_empty() => return Ok(None),
                State::Length { bytes, found } => {
                    bytes[*found] = src.get_u8();
                    *found += 1;
                }
                State::Report { report, .. } => report.push(src.get_u8()),
            }
        }
    }

    fn decode_eof(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        match self.decode(src)? {
            Some(report) => Ok(Some(report)),
            None if matches!(self.state, State::Length { found: 0, .. }) => Ok(None),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
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
