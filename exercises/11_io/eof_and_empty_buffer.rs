//! Every night, the recordings of a camera go into an archive. `back_up` copies one recording from its beginning to its end,
//! and returns how many bytes it had. It returns as soon as the recording ends. The archive stays open, because more
//! recordings follow.
//!
//! A recording can be larger than the memory of the machine: at no time does `back_up` hold more than `ROOM` bytes that the
//! archive has not accepted yet. Every error, of the camera or of the archive, ends the backup and is passed on.
//!
//! `cargo run` never ends. It keeps a core busy, and the archive stays empty.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = Vec::with_capacity(ROOM);
    let mut copied = 0;
    // Until there is nothing left to read.
    while let Ok(n) = camera.read(&mut buffer).await {
        archive.write_all(&buffer[..n]).await?;
        copied += n as u64;
    }
    Ok(copied)
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let recording = vec![b'x'; 200_000];
    let mut archive = Vec::new();
    println!("The recording has {} bytes.", recording.len());
    let copied = back_up(&mut &recording[..], &mut archive).await?;
    println!("{copied} bytes were copied, and the archive has {}.", archive.len());
    Ok(())
}
