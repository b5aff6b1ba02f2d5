//! Take(16) and read_to_end, and a hand-written loop of writes.

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
    let bytes = reading.to_bytes();
    let mut sent = 0;
    while sent != SIZE {
        match connection.write(&bytes[sent..]).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            n => sent += n,
        }
    }
    Ok(())
}

pub async fn receive<R: AsyncRead + Unpin>(connection: &mut R) -> io::Result<Reading> {
    let mut bytes = Vec::new();
    connection.take(SIZE as u64).read_to_end(&mut bytes).await?;
    match <[u8; SIZE]>::try_from(bytes) {
        Ok(bytes) => Ok(Reading::from_bytes(bytes)),
        Err(bytes) => {
            let text = format!("only {} bytes of a reading", bytes.len());
            Err(io::Error::new(io::ErrorKind::UnexpectedEof, text))
        }
    }
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
