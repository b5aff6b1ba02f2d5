//! It never flushes, so short answers stay in its buffer until the end.
//! says: A `serve` that keeps answers in a buffer while the client waits for them passed {tests}.
//! An answer has to arrive before the next order is awaited. Read each answer before you send the next order.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut connection = BufStream::new(connection);
    let mut orders = 0;
    let mut line = Vec::new();
    while connection.read_until(b'\n', &mut line).await? > 0 {
        let bytes = line.strip_suffix(b"\n").unwrap_or(&line).len();
        connection.write_all(format!("ok {bytes}\n").as_bytes()).await?;
        orders += 1;
        line.clear();
    }
    connection.flush().await?;
    Ok(orders)
}
