//! fails: an_end_within_a_report_is_an_error
//! says: That looked like a good end: `next` returned `None` and no error. At the end, `FramedRead`
//!
//! If it ends inside of a report, that is an error: the codec has taken the 4 bytes out, so an end right after them is not noticed.

use std::io;
use std::time::Duration;
use tokio_util::codec::LengthDelimitedCodec;

use bytes::{Buf, Bytes, BytesMut};
use futures::StreamExt;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::time::sleep;
use tokio_util::codec::{Decoder, FramedRead};

/// No report has more bytes.
pub const MAX: usize = 64 * 1024;

/// Each connection has one of its own. Tests make it with `Reports::default()`.
pub struct Reports {
    codec: LengthDelimitedCodec,
}

impl Default for Reports {
    fn default() -> Self {
        let codec = LengthDelimitedCodec::builder().length_field_length(4).max_frame_length(MAX).new_codec();
        Self { codec }
    }
}

impl Decoder for Reports {
    type Item = Bytes;
    type Error = io::Error;

    fn decode(&mut self, src: &mut BytesMut) -> io::Result<Option<Bytes>> {
        Ok(self.codec.decode(src)?.map(BytesMut::freeze))
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
