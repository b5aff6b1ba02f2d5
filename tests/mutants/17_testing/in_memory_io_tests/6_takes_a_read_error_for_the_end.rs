//! It takes a failure to read for the end of the connection.
//! says: A `serve` that takes a failure to read for the end of the connection passed {tests}.
//! An order that was cut off looks complete then. Give it a connection that fails after a few bytes.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut connection = BufReader::new(connection);
    let mut orders = 0;
    let mut line = Vec::new();
    while connection.read_until(b'\n', &mut line).await.unwrap_or_default() > 0 {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        let answer = format!("ok {}\n", line.len());
        connection.write_all(answer.as_bytes()).await?;
        connection.flush().await?;
        orders += 1;
        line.clear();
    }
    Ok(orders)
}
