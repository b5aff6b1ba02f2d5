//! fails: bytes_are_passed_on_as_they_come
//! says: `relay` never returned, and nothing moves any more. Both directions have to make progress at the
//!
//! The opposite direction goes on: while one direction waits for room, the other one stands still.

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
    let (mut client_ended, mut server_ended) = (false, false);
    let mut question = vec![0; 8 * 1024];
    let mut answer = vec![0; 8 * 1024];
    while !client_ended || !server_ended {
        select! {
            n = from_client.read(&mut question), if !client_ended => match n? {
                0 => {
                    client_ended = true;
                    to_server.shutdown().await?;
                }
                n => {
                    to_server.write_all(&question[..n]).await?;
                    to_server.flush().await?;
                    asked += n as u64;
                }
            },
            n = from_server.read(&mut answer), if !server_ended => match n? {
                0 => {
                    server_ended = true;
                    to_client.shutdown().await?;
                }
                n => {
                    to_client.write_all(&answer[..n]).await?;
                    to_client.flush().await?;
                    answered += n as u64;
                }
            },
        }
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
