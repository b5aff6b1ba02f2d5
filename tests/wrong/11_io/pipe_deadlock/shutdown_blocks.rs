//! fails: the_connection_may_buffer
//! says: of those. Now the program waits for room to write, and `convert` does not read. The connection has
//!
//! Read while you write: nobody reads while shutdown writes what the connection has in its buffer.

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
    let mut ended = false;
    while sent < document.len() {
        select! {
            result = writer.write(&document[sent..]) => match result? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                n => sent += n,
            },
            result = reader.read_buf(&mut converted), if !ended => ended = result? == 0,
        }
    }
    writer.shutdown().await?;
    if !ended {
        reader.read_to_end(&mut converted).await?;
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
