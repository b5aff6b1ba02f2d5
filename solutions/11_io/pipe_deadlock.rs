//! A document of any size, converted through pipes of any size.
//!
//! Why it hung: the program read a piece, converted it, and wrote the result. Nobody read that, because `convert` was still in
//! `write_all`. When the pipe to `convert` was full, the program waited for room in it and stopped reading. Then the other
//! pipe filled up, and `convert` waited, too. Small documents did not need more room than both pipes have.
//!
//! A larger buffer anywhere moves the hang to a larger document, and a timeout gives a part of the result. Both
//! directions have to make progress at the same time. `split` makes two values of the connection, so each of the two
//! futures can borrow its own. Both run in this task, so nothing is left when it returns or is dropped.
//!
//! A task for the writing works as well, and is the way to go when the document is produced while it is sent, by code
//! that has its own life. It has to be aborted when `convert` is dropped, and its error has to be noticed while the
//! read still waits: a `JoinSet` for the task, and a `select!` over both.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::try_join;

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut output, mut input) = split(program);
    let write = async {
        input.write_all(&document).await?;
        // In this branch, because the program may write nothing before it has seen the end.
        input.shutdown().await
    };
    let read = async {
        let mut converted = Vec::new();
        output.read_to_end(&mut converted).await?;
        io::Result::Ok(converted)
    };
    // Not `join!`: after an error in one direction, it would wait for the other one, which may never end.
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
