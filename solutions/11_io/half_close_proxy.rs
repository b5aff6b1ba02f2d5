//! A gateway with two directions, each of which goes on to its own end.
//!
//! Why the answer was empty: the client ended its direction, so the first `copy` was ready, and `select!` dropped the second
//! one. `relay` returned and dropped both connections. To the client, that was the end of an answer without any bytes.
//!
//! The end of one direction says nothing about the other one, so both copies have to run to their ends. Joining them is half
//! of it. The other half is that an end has to be passed on like a byte: without `shutdown`, the server would wait for the end
//! of the question, the client for the answer, and `relay` for both.
//!
//! `tokio::io::copy_bidirectional(&mut client, &mut server)` does exactly this, in one call, and is what to take in a service. Write
//! the two directions yourself when they differ: when one is counted, limited or logged, or has a timeout of its own.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::try_join;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    // An error drops the other direction. An end does not.
    try_join!(pass_on(from_client, to_server), pass_on(from_server, to_client))
}

/// One direction, to its end.
async fn pass_on(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<u64> {
    let bytes = copy(&mut from, &mut to).await?;
    // `copy` passes on the bytes. The end is passed on here, and as soon as this direction has it: the other side may wait for
    // it before it says a word. Dropping `to` would not do: a half from `split` closes nothing.
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
