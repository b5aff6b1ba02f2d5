//! It goes on when an answer cannot be written.
//! says: A `serve` that ignores that an answer could not be written passed {tests}.
//! Nobody hears of an order that was never acknowledged. Let the client go before its answer is written. What does `serve` return?

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
        let _ = connection.write_all(answer.as_bytes()).await;
        let _ = connection.flush().await;
        orders += 1;
        line.clear();
    }
    Ok(orders)
}
