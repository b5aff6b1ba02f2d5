//! fails: every_byte_is_in_the_archive
//! says: had been told 1000 times that the recording had ended
//!
//! A buffer with room, and the loop as it was.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; ROOM];
    let mut copied = 0;
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
