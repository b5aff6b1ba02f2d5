//! Read_buf into a Vec that keeps its capacity.

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
    while camera.read_buf(&mut buffer).await? > 0 {
        archive.write_all(&buffer).await?;
        copied += buffer.len() as u64;
        buffer.clear();
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
