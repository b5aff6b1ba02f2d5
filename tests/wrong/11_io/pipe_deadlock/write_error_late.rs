//! fails: an_error_ends_it_at_once
//! says: A write failed with BrokenPipe, and in the other direction no more bytes came. `convert` never
//!
//! The first error ends convert at once: an error of writing is noticed when the program has ended.

use std::io;
use tokio::io::split;
use tokio::task::JoinHandle;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

pub async fn convert(
    program: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    document: Vec<u8>,
) -> io::Result<Vec<u8>> {
    struct AbortOnDrop(JoinHandle<io::Result<()>>);
    impl Drop for AbortOnDrop {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let (mut reader, mut writer) = split(program);
    let mut sending = AbortOnDrop(tokio::spawn(async move {
        writer.write_all(&document).await?;
        writer.shutdown().await
    }));
    let mut converted = Vec::new();
    reader.read_to_end(&mut converted).await?;
    (&mut sending.0).await.map_err(io::Error::other)??;
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
