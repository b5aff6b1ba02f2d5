//! Two hand-written pumps with a small buffer, in a select! loop with pinned futures.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::select;

pub async fn relay(
    client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (from_client, to_client) = split(client);
    let (from_server, to_server) = split(server);
    let mut asking = Box::pin(pump(from_client, to_server));
    let mut answering = Box::pin(pump(from_server, to_client));
    let (mut asked, mut answered) = (None, None);
    loop {
        if let (Some(asked), Some(answered)) = (asked, answered) {
            return Ok((asked, answered));
        }
        select! {
            bytes = &mut asking, if asked.is_none() => asked = Some(bytes?),
            bytes = &mut answering, if answered.is_none() => answered = Some(bytes?),
        }
    }
}

async fn pump(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<u64> {
    let mut piece = [0; 512];
    let mut passed_on = 0;
    loop {
        let n = from.read(&mut piece).await?;
        if n == 0 {
            to.shutdown().await?;
            return Ok(passed_on);
        }
        to.write_all(&piece[..n]).await?;
        to.flush().await?;
        passed_on += n as u64;
    }
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
