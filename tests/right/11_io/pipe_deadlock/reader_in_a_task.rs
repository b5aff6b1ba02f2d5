//! Reads in a task, with a guard of its own that aborts it, and a channel for the result.

use std::io;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::select;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

struct Abort(JoinHandle<()>);

impl Drop for Abort {
    fn drop(&mut self) {
        self.0.abort();
    }
}

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let (mut output, mut input) = split(program);
    let (done, mut result) = oneshot::channel();
    let _reader = Abort(tokio::spawn(async move {
        let mut converted = Vec::new();
        let read = output.read_to_end(&mut converted).await;
        let _ = done.send(read.map(|_| converted));
    }));
    let mut early = None;
    {
        let mut writing = pin!(async {
            input.write_all(&document).await?;
            input.shutdown().await
        });
        loop {
            select! {
                written = &mut writing => {
                    written?;
                    break;
                }
                read = &mut result, if early.is_none() => early = Some(read.expect("reading does not panic")?),
            }
        }
    }
    match early {
        Some(converted) => Ok(converted),
        None => result.await.expect("reading does not panic"),
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
