//! fails: right_takes_its_time
//! says: Your test `step_by_step` fails on a correct implementation. It steps aside after each read and
//!
//! Misses the failures to read and write, and that an answer is flushed.

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
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
    use tokio::time::timeout;

    use super::orders::serve;

    #[tokio::test(start_paused = true)]
    async fn step_by_step() {
        let (mut client, connection) = duplex(1);
        let server = tokio::spawn(serve(connection));
        let mut answer = [0; 5];
        client.write_all(b"3 ap").await.unwrap();
        assert!(timeout(Duration::from_secs(1), client.read_u8()).await.is_err());
        client.write_all(b"ples\n").await.unwrap();
        timeout(Duration::from_secs(60), client.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer, b"ok 8\n");
        client.write_all(b"\n").await.unwrap();
        timeout(Duration::from_secs(60), client.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer, b"ok 0\n");
        client.write_all(b"\xff\xfe\r").await.unwrap();
        client.shutdown().await.unwrap();
        timeout(Duration::from_secs(60), client.read_exact(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer, b"ok 3\n");
        assert_eq!(client.read(&mut answer).await.unwrap(), 0);
        assert_eq!(server.await.unwrap().unwrap(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn many_at_once() {
        let (mut client, connection) = duplex(1024);
        let server = tokio::spawn(serve(connection));
        client.write_all(b"a\nbb\n\nccc\n").await.unwrap();
        client.shutdown().await.unwrap();
        let mut answers = String::new();
        client.read_to_string(&mut answers).await.unwrap();
        assert_eq!(answers, "ok 1\nok 2\nok 0\nok 3\n");
        assert_eq!(server.await.unwrap().unwrap(), 4);
    }
}

#[tokio::main]
async fn main() {
    let input: &[u8] = b"3 apples\n1 pear\n";
    let mut answers = Vec::new();
    let orders = orders::serve(tokio::io::join(input, &mut answers)).await;
    println!("{orders:?}, {:?}", String::from_utf8_lossy(&answers));
}
