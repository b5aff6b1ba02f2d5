//! A select! loop with single steps. The writer has one future for writes and for the shutdown.

use std::io;
use tokio::io::split;
use tokio::select;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut reader, mut writer) = split(program);
    let mut converted = Vec::new();
    let mut sent = 0;
    let mut shut = false;
    let mut ended = false;
    while !shut || !ended {
        select! {
            result = step(&mut writer, &document[sent..]), if !shut => {
                let n = result?;
                sent += n;
                shut = n == 0;
            }
            result = reader.read_buf(&mut converted), if !ended => {
                ended = result? == 0;
            }
        }
    }
    Ok(converted)
}

/// Writes a piece, or shuts down and returns 0 if nothing is left.
async fn step(writer: &mut (impl AsyncWrite + Unpin), rest: &[u8]) -> io::Result<usize> {
    if rest.is_empty() {
        writer.shutdown().await?;
        return Ok(0);
    }
    match writer.write(rest).await? {
        0 => Err(io::Error::from(io::ErrorKind::WriteZero)),
        n => Ok(n),
    }
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
