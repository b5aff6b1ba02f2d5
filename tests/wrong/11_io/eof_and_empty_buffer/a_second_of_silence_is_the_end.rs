//! fails: it_returns_when_the_recording_ends
//! says: and stopped before the end
//!
//! Takes a second without bytes for the end.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; ROOM];
    let mut copied = 0;
    while let Ok(read) = timeout(Duration::from_secs(1), camera.read(&mut buffer)).await {
        let n = read?;
        if n == 0 {
            break;
        }
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
