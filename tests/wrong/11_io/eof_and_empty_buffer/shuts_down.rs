//! fails: the_archive_stays_open
//! says: `back_up` had shut the archive down. More recordings follow
//!
//! The archive stays open: shutdown at the end of the recording.

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
    loop {
        let n = camera.read(&mut buffer).await?;
        if n == 0 {
            archive.shutdown().await?;
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
