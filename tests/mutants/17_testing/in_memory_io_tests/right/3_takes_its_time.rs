//! It steps aside after each read and before each answer, and a minute passes before each answer.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::task::yield_now;
use tokio::time::sleep;

pub async fn serve(mut connection: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<usize> {
    let mut orders = 0;
    let mut come = Vec::new();
    loop {
        while let Some(end) = come.iter().position(|byte| *byte == b'\n') {
            acknowledge(&mut connection, end).await?;
            come.drain(..=end);
            orders += 1;
        }
        let read = connection.read_buf(&mut come).await?;
        yield_now().await;
        if read == 0 {
            break;
        }
    }
    if !come.is_empty() {
        acknowledge(&mut connection, come.len()).await?;
        orders += 1;
    }
    Ok(orders)
}

async fn acknowledge(connection: &mut (impl AsyncWrite + Unpin), bytes: usize) -> io::Result<()> {
    sleep(Duration::from_secs(60)).await;
    for byte in format!("ok {bytes}\n").bytes() {
        yield_now().await;
        connection.write_all(&[byte]).await?;
    }
    connection.flush().await
}
