//! Recordings go into an archive, piece by piece.
//!
//! Why nothing was copied: `read` fills a slice, and the slice of `Vec::with_capacity(ROOM)` has length 0. Capacity is memory
//! that the `Vec` owns; a slice ends at the length. There was no room for a single byte, so each read returned `Ok(0)` at once.
//!
//! Why it never ended: `read` says `Ok(0)` for the end as well, not `Err`, and here nobody looked at it. With room in the
//! buffer, `Ok(0)` means only one thing: the recording has ended. Errors are another matter. A backup that takes an error for
//! the end looks complete, and is not.
//!
//! `tokio::io::copy(camera, archive)` is all of this in one call, with a buffer of 8 KiB, and it is what one would take at work.
//! `read_buf` also fits: it appends to a `Vec` behind its length, so the `Vec` has to be cleared before the next round.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    // Length, not capacity: a read has room for as many bytes as the slice is long.
    let mut buffer = vec![0; ROOM];
    let mut copied = 0;
    loop {
        let n = camera.read(&mut buffer).await?;
        if n == 0 {
            // The end, and no error.
            return Ok(copied);
        }
        // Behind the first n bytes are those of an earlier read.
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
