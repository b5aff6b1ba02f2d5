//! fails: errors_of_the_connection_are_passed_on
//! says: and `receive` returned an error of the kind UnexpectedEof: that is another kind. Pass the
//!
//! Errors of the connection are passed on: each becomes UnexpectedEof or WriteZero.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, duplex};

/// The length of a reading, in bytes.
const SIZE: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub meter: u64,
    pub watt_hours: u64,
}

impl Reading {
    fn to_bytes(self) -> [u8; SIZE] {
        let bytes = (u128::from(self.meter) << 64) | u128::from(self.watt_hours);
        bytes.to_be_bytes()
    }

    fn from_bytes(bytes: [u8; SIZE]) -> Self {
        let bytes = u128::from_be_bytes(bytes);
        Self { meter: (bytes >> 64) as u64, watt_hours: bytes as u64 }
    }
}

pub async fn send<W: AsyncWrite + Unpin>(connection: &mut W, reading: Reading) -> io::Result<()> {
    if connection.write_all(&reading.to_bytes()).await.is_err() {
        return Err(io::Error::new(io::ErrorKind::WriteZero, "the reading was not sent"));
    }
    Ok(())
}

pub async fn receive<R: AsyncRead + Unpin>(connection: &mut R) -> io::Result<Reading> {
    let mut bytes = [0; SIZE];
    connection
        .read_exact(&mut bytes)
        .await
        .map_err(|error| io::Error::new(io::ErrorKind::UnexpectedEof, error))?;
    Ok(Reading::from_bytes(bytes))
}

#[tokio::main]
async fn main() -> io::Result<()> {
    // This network carries 5 bytes at a time.
    let (mut meter, mut office) = duplex(5);
    let sender = tokio::spawn(async move {
        for watt_hours in [1_200, 1_350, 1_475] {
            send(&mut meter, Reading { meter: 4711, watt_hours }).await?;
        }
        io::Result::Ok(())
    });
    for _ in 0..3 {
        println!("{:?}", receive(&mut office).await?);
    }
    sender.await.expect("sending does not panic")
}
