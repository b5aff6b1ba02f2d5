//! fails: a_large_recording_does_not_fill_the_memory
//! says: and then it was busy. `back_up` had read
//!
//! Never more than ROOM bytes: ROOM in the buffer, and up to ROOM more in the BufWriter.

use std::io;
use tokio::io::BufWriter;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let mut archive = BufWriter::with_capacity(ROOM, archive);
    let mut buffer = vec![0; ROOM];
    let mut copied = 0;
    loop {
        let n = camera.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        archive.write_all(&buffer[..n]).await?;
        copied += n as u64;
    }
    archive.flush().await?;
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
