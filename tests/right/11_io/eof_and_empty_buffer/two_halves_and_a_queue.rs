//! Reads ahead while the archive is slow, through a queue with few places.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::mpsc;

/// In bytes.
pub const ROOM: usize = 64 * 1024;

pub async fn back_up<R, W>(camera: &mut R, archive: &mut W) -> io::Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    const PIECE: usize = 8 * 1024;
    // Five in the queue, one that waits for a place, one that is being written.
    let (tx, mut rx) = mpsc::channel::<Vec<u8>>(5);
    let reading = async {
        // Dropped at its end, in case of an error, too: the other half learns of it.
        let tx = tx;
        loop {
            let mut piece = vec![0; PIECE];
            let n = camera.read(&mut piece).await?;
            if n == 0 {
                return io::Result::Ok(());
            }
            piece.truncate(n);
            if tx.send(piece).await.is_err() {
                return Ok(());
            }
        }
    };
    let writing = async {
        let mut copied = 0;
        while let Some(piece) = rx.recv().await {
            archive.write_all(&piece).await?;
            copied += piece.len() as u64;
        }
        io::Result::Ok(copied)
    };
    let ((), copied) = tokio::try_join!(reading, writing)?;
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
