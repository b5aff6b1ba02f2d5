//! It reads one byte at a time.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

pub async fn serve(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let (mut orders, mut length) = (0, 0);
    loop {
        let mut byte = [0];
        let read = connection.read(&mut byte).await?;
        if read == 0 && length == 0 {
            return Ok(orders);
        }
        if read == 1 && byte != *b"\n" {
            length += 1;
            continue;
        }
        connection.write_all(format!("ok {length}\n").as_bytes()).await?;
        connection.flush().await?;
        (orders, length) = (orders + 1, 0);
    }
}
