//! fails: a_document_is_larger_than_the_pipe
//! says: and a program that writes each piece as it comes: `convert` has sent
//!
//! Nothing is doubled: a write_all that select! has dropped is begun again.

use std::io;
use tokio::io::split;
use tokio::{select, try_join};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut reader, mut writer) = split(program);
    let mut converted = Vec::new();
    let mut pieces = document.chunks(1024);
    let mut next = pieces.next();
    let mut ended = false;
    while let Some(piece) = next {
        select! {
            biased;
            result = writer.write_all(piece) => {
                result?;
                next = pieces.next();
            }
            result = reader.read_buf(&mut converted), if !ended => ended = result? == 0,
        }
    }
    let rest = async {
        if !ended {
            reader.read_to_end(&mut converted).await?;
        }
        io::Result::Ok(())
    };
    try_join!(writer.shutdown(), rest)?;
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
