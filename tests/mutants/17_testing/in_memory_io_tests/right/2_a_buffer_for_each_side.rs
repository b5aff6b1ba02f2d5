//! It splits the connection, and has a buffer for each direction, which it flushes.

use std::io;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, BufWriter, split};

pub async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let (reader, writer) = split(connection);
    let (mut lines, mut writer) = (BufReader::new(reader).split(b'\n'), BufWriter::new(writer));
    let mut orders = 0;
    while let Some(line) = lines.next_segment().await? {
        writer.write_all(b"ok ").await?;
        writer.write_all(line.len().to_string().as_bytes()).await?;
        writer.write_all(b"\n").await?;
        writer.flush().await?;
        orders += 1;
    }
    Ok(orders)
}
