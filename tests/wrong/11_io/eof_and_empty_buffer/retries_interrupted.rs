//! fails: an_error_is_not_the_end
//! says: Every error ends the backup and is passed on, whatever its kind
//!
//! Every error ends the backup and is passed on: Interrupted and WouldBlock are tried again.

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
        match camera.read(&mut buffer).await {
            Ok(0) => return Ok(copied),
            Ok(n) => {
                archive.write_all(&buffer[..n]).await?;
                copied += n as u64;
            }
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
            Err(error) => return Err(error),
        }
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
