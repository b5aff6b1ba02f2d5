//! Electricity meters send their reports over one connection: 4 bytes with the length of a report, the most significant
//! byte first, then the report itself, and then the next length. `Reports` takes these bytes apart for `FramedRead`.
//!
//! Every report comes out whole, in its order, and as soon as its last byte is there, whatever pieces the bytes arrive in.
//! A report may be empty, and it has at most `MAX` bytes. A greater length is an error as soon as its 4 bytes are there,
//! and no memory is set aside for it. The connection may end after any report. If it ends inside of a length or of a
//! report, that is an error, too, after all reports that were complete.
//!
//! Where each report comes in one piece, this works. In `cargo run` the pieces are smaller, and it prints three empty
//! reports.

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
        let length = src.get_u32() as usize;
        src.reserve(length);
        if src.len() < length {
            return Ok(None);
        }
        Ok(Some(src.split_to(length).freeze()))
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
