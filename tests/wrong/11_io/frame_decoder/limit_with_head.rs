//! fails: every_report_counts
//! says: there, `decode` returned an error: the report is too long. Report
//!
//! It has at most MAX bytes: the 4 bytes are counted, too, so reports of MAX - 3 to MAX bytes are an error.

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
pub struct Reports {}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        if src.len() < 4 {
            return Ok(None);
        }
        let total = 4 + u32::from_be_bytes([src[0], src[1], src[2], src[3]]) as usize;
        if total > MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the report is too long"));
        }
        if src.len() < total {
            src.reserve(total - src.len());
            return Ok(None);
        }
        let mut report = src.split_to(total);
        report.advance(4);
        Ok(Some(report.freeze()))
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
