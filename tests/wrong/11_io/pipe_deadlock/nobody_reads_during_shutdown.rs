//! fails: the_connection_may_buffer
//! says: `convert` has to read meanwhile
//!
//! Reads while it writes, and not while it shuts down.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::select;

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut output, mut input) = split(program);
    let mut converted = Vec::new();
    let mut rest = &document[..];
    let mut ended = false;
    while !rest.is_empty() {
        select! {
            length = input.write(rest) => rest = &rest[length?..],
            length = output.read_buf(&mut converted), if !ended => ended = length? == 0,
        }
    }
    input.shutdown().await?;
    output.read_to_end(&mut converted).await?;
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
