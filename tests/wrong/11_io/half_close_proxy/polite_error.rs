//! fails: an_error_ends_it_at_once
//! says: Reading from the client failed with ConnectionReset. `relay` returned
//!
//! The first error ends relay at once: it first waits until both sides are shut down.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (mut from_client, mut to_client) = split(client);
    let (mut from_server, mut to_server) = split(server);
    let result = tokio::try_join!(
        async {
            let asked = copy(&mut from_client, &mut to_server).await?;
            to_server.shutdown().await?;
            io::Result::Ok(asked)
        },
        async {
            let answered = copy(&mut from_server, &mut to_client).await?;
            to_client.shutdown().await?;
            io::Result::Ok(answered)
        },
    );
    if result.is_err() {
        let _ = to_client.shutdown().await;
        let _ = to_server.shutdown().await;
    }
    result
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
