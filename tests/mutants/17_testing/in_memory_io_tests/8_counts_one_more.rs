//! It counts the end of the connection as an order.
//! says: A `serve` that returns one order too many passed {tests}.
//! Look at what it returns, also for a client that sends nothing.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut connection = BufReader::new(connection);
    let mut orders = 0;
    let mut line = Vec::new();
    while connection.read_until(b'\n', &mut line).await? > 0 {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let answer = format!("ok {}\n", line.len());
        connection.write_all(answer.as_bytes()).await?;
        connection.flush().await?;
        orders += 1;
        line.clear();
    }
    Ok(orders + 1)
}
