//! fails: every_byte_is_in_the_archive
//! says: What is due happens at once
//!
//! Gives the camera a little time before each read.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::sleep;

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut buffer = vec![0; ROOM];
    let mut copied = 0;
    loop {
        sleep(Duration::from_millis(5)).await;
        let n = camera.read(&mut buffer).await?;
        if n == 0 {
            return Ok(copied);
        }
        archive.write_all(&buffer[..n]).await?;
        copied += n as u64;
    }
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
