//! It acknowledges all orders when the client has ended.
//! says: A `serve` that acknowledges nothing until the client has shut down its side passed {tests}.
//! A client that waits for the answer before it sends the next order waits forever. Be such a client.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut connection = BufReader::new(connection);
    let mut orders = 0;
    let mut answers = Vec::new();
    let mut line = Vec::new();
    while connection.read_until(b'\n', &mut line).await? > 0 {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let answer = format!("ok {}\n", line.len());
        answers.extend_from_slice(answer.as_bytes());
        orders += 1;
        line.clear();
    }
    connection.write_all(&answers).await?;
    connection.flush().await?;
    Ok(orders)
}
