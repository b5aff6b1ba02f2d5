//! Another program converts our documents. We are connected with it by a pipe in each direction: it reads the document, and
//! it writes the result. It may write a part of the result before it reads on, or nothing before the end of the document.
//!
//! `convert` sends the document and ends its direction with `shutdown`. It returns what the program wrote, when all of the
//! document is sent and the program has ended its own direction. The first error of reading or writing ends `convert` at
//! once and is its result. When `convert` returns or is dropped, the connection is closed.
//!
//! Small documents are converted. At the large one, `cargo run` hangs, with an idle CPU.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

pub async fn convert(
    mut program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    program.write_all(&document).await?;
    program.shutdown().await?;
    let mut converted = Vec::new();
    program.read_to_end(&mut converted).await?;
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
