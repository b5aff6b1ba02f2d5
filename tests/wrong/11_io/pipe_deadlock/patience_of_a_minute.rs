//! fails: waiting_costs_nothing
//! says: It waits until the program ends its direction
//!
//! Takes a minute of silence for the end.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::time::timeout;
use tokio::try_join;

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut output, mut input) = split(program);
    let write = async {
        input.write_all(&document).await?;
        input.shutdown().await
    };
    let read = async {
        let mut converted = Vec::new();
        while let Ok(length) = timeout(Duration::from_secs(60), output.read_buf(&mut converted)).await {
            if length? == 0 {
                break;
            }
        }
        io::Result::Ok(converted)
    };
    let ((), converted) = try_join!(write, read)?;
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
