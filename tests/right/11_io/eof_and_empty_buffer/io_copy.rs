//! Tokio::io::copy.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    tokio::io::copy(camera, archive).await
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
