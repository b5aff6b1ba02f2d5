//! It calls `write` once for each answer, however much of it is taken.
//! says: A `serve` that writes only as much of each answer as the connection takes at once passed {tests}.
//! A connection may take fewer bytes than it is given. Let it take one at a time.

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
        let _ = connection.write(answer.as_bytes()).await?;
        connection.flush().await?;
        orders += 1;
        line.clear();
    }
    Ok(orders)
}
