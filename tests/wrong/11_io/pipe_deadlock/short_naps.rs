//! fails: waiting_costs_nothing
//! says: asks again and again
//!
//! Looks in turns, for a millisecond each.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::timeout;

pub async fn convert(
    mut program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut sent, mut ended) = (0, false);
    let mut converted = Vec::new();
    let moment = Duration::from_millis(1);
    while sent < document.len() || !ended {
        if sent < document.len() {
            if let Ok(length) = timeout(moment, program.write(&document[sent..])).await {
                sent += length?;
            }
            if sent == document.len() {
                program.shutdown().await?;
            }
        }
        if document.is_empty() {
            program.shutdown().await?;
        }
        if !ended && let Ok(length) = timeout(moment, program.read_buf(&mut converted)).await {
            ended = length? == 0;
        }
    }
    Ok(converted)
}

/// Stands for the other program: it writes everything in capitals.
async fn capitals(mut caller: DuplexStream) -> io::Result<()> {
    let mut piece = [0; 1024];
    loop {
        let length = caller.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        piece[..length].make_ascii_uppercase();
        caller.write_all(&piece[..length]).await?;
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    for length in [1_000, 10_000, 100_000] {
        let (program, caller) = duplex(8 * 1024);
        tokio::spawn(capitals(caller));
        println!("a document of {length} bytes …");
        let converted = convert(program, vec![b'a'; length]).await?;
        println!("… has become {} bytes", converted.len());
    }
    Ok(())
}
