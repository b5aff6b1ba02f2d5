//! Copy_bidirectional.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    mut client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    mut server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    tokio::io::copy_bidirectional(&mut client, &mut server).await
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
