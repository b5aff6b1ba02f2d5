//! It drops a last order that has no line end.
//! says: A `serve` that drops the last order if it does not end with `\n` passed {tests}.
//! The end of the connection ends an order, too. Does a client of your tests end its last line that way?

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut connection = BufReader::new(connection);
    let mut orders = 0;
    let mut line = Vec::new();
    while connection.read_until(b'\n', &mut line).await? > 0 {
        if line.pop() != Some(b'\n') {
            break;
        }
        let answer = format!("ok {}\n", line.len());
        connection.write_all(answer.as_bytes()).await?;
        connection.flush().await?;
        orders += 1;
        line.clear();
    }
    Ok(orders)
}
