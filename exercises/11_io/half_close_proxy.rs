//! A gateway between the branches of a company and its report server. A client sends its question, ends its direction, and
//! reads the answer until that ends. It can be the other way round: the server may be the first to end its direction.
//!
//! `relay` passes on what either side sends, unchanged and as it comes. When one side has ended its direction, the other
//! side reads all that was sent and then the end, at once, and the opposite direction goes on. When both have ended,
//! `relay` returns how many bytes it passed on, those of the client first. The first error of reading or writing ends
//! `relay` at once and is its result. When `relay` returns or is dropped, both connections are closed.
//!
//! In `cargo run` the client sends its question and gets an empty answer.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    let (mut asked, mut answered) = (0, 0);
    select! {
        bytes = copy(&mut from_client, &mut to_server) => asked = bytes?,
        bytes = copy(&mut from_server, &mut to_client) => answered = bytes?,
    }
    Ok((asked, answered))
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
