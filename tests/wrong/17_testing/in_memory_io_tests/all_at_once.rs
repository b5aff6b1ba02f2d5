//! fails: right_takes_its_time
//! says: Your test `orders_are_acknowledged` waits in real time: it slept for
//!
//! Misses the cuts: each input is sent in one piece, the answers are read at the end, and there are no failures.

mod orders {
    use std::io;

    use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

    /// Receives orders until the client has shut down its side, and returns how many there were.
    ///
    /// An order is a line of any bytes, which may be empty. It ends with `\n`, or with the end of the connection if
    /// at least one byte has come. Each order is acknowledged with `ok <n>\n`, where n is the number of its bytes
    /// without the `\n`, before the next one is awaited. The first failure to read or write is returned.
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
        Ok(orders)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::join;

    use super::orders::serve;

    async fn run(input: &[u8]) -> (usize, String) {
        let mut answers = Vec::new();
        let orders = serve(join(input, &mut answers)).await.unwrap();
        (orders, String::from_utf8(answers).unwrap())
    }

    #[tokio::test]
    async fn orders_are_acknowledged() {
        assert_eq!(run(b"3 apples\n").await, (1, "ok 8\n".to_owned()));
        assert_eq!(run(b"3 apples\n1 pear\n").await, (2, "ok 8\nok 6\n".to_owned()));
    }

    #[tokio::test]
    async fn empty_orders() {
        assert_eq!(run(b"").await, (0, String::new()));
        assert_eq!(run(b"\n").await, (1, "ok 0\n".to_owned()));
        assert_eq!(run(b"a\n\n").await, (2, "ok 1\nok 0\n".to_owned()));
    }

    #[tokio::test]
    async fn the_last_order_needs_no_newline() {
        assert_eq!(run(b"a\nbc").await, (2, "ok 1\nok 2\n".to_owned()));
    }

    #[tokio::test]
    async fn any_bytes() {
        assert_eq!(run(b"\xff\xfe\r\n").await, (1, "ok 3\n".to_owned()));
    }
}

#[tokio::main]
async fn main() {
    let input: &[u8] = b"3 apples\n1 pear\n";
    let mut answers = Vec::new();
    let orders = orders::serve(tokio::io::join(input, &mut answers)).await;
    println!("{orders:?}, {:?}", String::from_utf8_lossy(&answers));
}
