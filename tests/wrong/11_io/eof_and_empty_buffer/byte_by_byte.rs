//! fails: an_error_is_not_the_end
//! says: The camera failed with UnexpectedEof after
//!
//! An error never looks like success: an UnexpectedEof of the camera is taken for the end.

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
    loop {
        let byte = match camera.read_u8().await {
            Ok(byte) => byte,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(copied),
            Err(error) => return Err(error),
        };
        buffer.push(byte);
        archive.write_all(&buffer).await?;
        copied += buffer.len() as u64;
        buffer.clear();
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
