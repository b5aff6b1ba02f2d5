//! fails: bytes_are_passed_on_as_they_come
//! says: `relay` has written all of them, and the connection has buffered them: `flush` sends what is
//!
//! Passes on as it comes: nothing is flushed before the end of a direction.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    tokio::try_join!(pass_on(from_client, to_server), pass_on(from_server, to_client))
}

async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<u64> {
    let mut piece = vec![0; 16 * 1024];
    let mut bytes = 0;
    loop {
        let n = from.read(&mut piece).await?;
        if n == 0 {
            break;
        }
        to.write_all(&piece[..n]).await?;
        bytes += n as u64;
    }
    to.shutdown().await?;
    Ok(bytes)
}

/// Reads the whole question, and answers it.
async fn serve(mut connection: DuplexStream) -> io::Result<()> {
    let mut question = String::new();
    connection.read_to_string(&mut question).await?;
    let rows = (1..=500).map(|row| format!("{question}, row {row}\n"));
    connection.write_all(rows.collect::<String>().as_bytes()).await
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let (mut client, at_gateway) = duplex(1024);
    let (to_server, at_server) = duplex(1024);
    tokio::spawn(serve(at_server));
    let relaying = tokio::spawn(relay(at_gateway, to_server));

    client.write_all(b"sales of May").await?;
    client.shutdown().await?;
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).await?;
    println!("the answer has {} bytes", answer.len());
    println!("relay: {:?}", relaying.await?);
    Ok(())
}
