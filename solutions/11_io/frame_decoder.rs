//! Reports that come out whole, whatever pieces they arrive in.
//!
//! Why three empty reports came out: the first piece held the length and two bytes of the report. `get_u32` took the length out
//! of the buffer, and then `decode` returned `Ok(None)`. The next call began in the middle of the report and took four of its
//! bytes for a length. From there on, the decoder was out of step.
//!
//! So the length stays in the buffer until the whole report is there. The other good way is to take it out and to remember it
//! in a field of `Reports`. That saves reading it again with each piece, and it suits formats whose head is long or costly to
//! read. It needs a `decode_eof` of its own, which knows that a report has begun: when the connection ends directly after a
//! length, the buffer is empty, and the default takes that for a good end.
//!
//! The length is only what the other end says. It is compared with `MAX` before anything is reserved, and before anybody waits
//! for the bytes.
//!
//! In a service, `LengthDelimitedCodec` of `tokio_util` does most of this. It remembers the length in a field, so look at
//! what it does when the connection ends after a length.

use std::io;
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures::StreamExt;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::time::sleep;
use tokio_util::codec::{Decoder, FramedRead};

/// No report has more bytes.
pub const MAX: usize = 64 * 1024;

/// The bytes of a length.
const HEAD: usize = 4;

/// Each connection has one of its own. Tests make it with `Reports::default()`.
#[derive(Default)]
pub struct Reports {}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        // Only a look: reading a slice takes nothing out of the buffer.
        let Some(length) = src.first_chunk() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length) as usize;
        if length > MAX {
            let text = format!("a report of {length} bytes was announced, and {MAX} are allowed");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        if src.len() < HEAD + length {
            // Everything stays where it is. The room for the rest saves `FramedRead` from growing the buffer step by step.
            src.reserve(HEAD + length - src.len());
            return Ok(None);
        }
        src.advance(HEAD);
        Ok(Some(src.split_to(length).freeze()))
    }

    // The default `decode_eof` is right here: whatever is not complete is still in the buffer, and bytes that are left are an
    // error.
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
