//! fails: the_answer_comes_after_the_question_has_ended
//! says: whatever the other
//!
//! Takes turns: a piece of the client, a piece of the server.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

pub async fn relay(
    mut client: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    mut server: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
) -> io::Result<(u64, u64)> {
    let (mut asked, mut answered) = (0, 0);
    let (mut client_ended, mut server_ended) = (false, false);
    let mut piece = [0; 4096];
    while !client_ended || !server_ended {
        if !client_ended {
            let length = client.read(&mut piece).await?;
            if length == 0 {
                server.shutdown().await?;
                client_ended = true;
            }
            server.write_all(&piece[..length]).await?;
            asked += length as u64;
        }
        if !server_ended {
            let length = server.read(&mut piece).await?;
            if length == 0 {
                client.shutdown().await?;
                server_ended = true;
            }
            client.write_all(&piece[..length]).await?;
            answered += length as u64;
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
