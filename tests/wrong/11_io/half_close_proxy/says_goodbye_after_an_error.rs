//! fails: an_error_ends_it_at_once
//! says: The first error ends it at once
//!
//! Shuts both connections down before it returns an error.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::try_join;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    let ask = async {
        let bytes = copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await?;
        io::Result::Ok(bytes)
    };
    let answer = async {
        let bytes = copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await?;
        io::Result::Ok(bytes)
    };
    let ended = try_join!(ask, answer);
    if ended.is_err() {
        let _ = to_server.shutdown().await;
        let _ = to_client.shutdown().await;
    }
    ended
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
