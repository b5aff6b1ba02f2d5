//! fails: nothing_is_left_behind
//! says: that it has spawned go on: dropping a `JoinHandle` does not abort a task
//!
//! When relay is dropped, both connections are closed: the tasks go on.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    let mut asking = tokio::spawn(pass_on(from_client, to_server));
    let mut answering = tokio::spawn(pass_on(from_server, to_client));
    let result = tokio::try_join!(async { (&mut asking).await.map_err(io::Error::other)? }, async {
        (&mut answering).await.map_err(io::Error::other)?
    },);
    if result.is_err() {
        asking.abort();
        answering.abort();
        if !asking.is_finished() {
            let _ = asking.await;
        }
        if !answering.is_finished() {
            let _ = answering.await;
        }
    }
    result
}

async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<u64> {
    let bytes = copy(&mut from, &mut to).await?;
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
