//! It takes what one read returns for an order.
//! says: A `serve` that takes whatever one read returns for an order passed {tests}.
//! An order can come in pieces, and two can come in one. Send one byte at a time.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub async fn serve(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut orders = 0;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = connection.read(&mut buffer).await?;
        if read == 0 {
            return Ok(orders);
        }
        let line = buffer[..read].strip_suffix(b"\n").unwrap_or(&buffer[..read]);
        let answer = format!("ok {}\n", line.len());
        connection.write_all(answer.as_bytes()).await?;
        connection.flush().await?;
        orders += 1;
    }
}
