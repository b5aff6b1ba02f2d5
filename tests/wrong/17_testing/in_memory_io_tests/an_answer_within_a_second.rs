//! fails: right_takes_its_time
//! says: fails on a correct implementation. It steps aside

mod orders {
    use std::io;

    use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};

    /// Receives orders until the client has shut down its side, and returns how many there were.
    ///
    /// An order is a line of any bytes, which may be empty. It ends with `\n`, or with the end of the connection if
    /// at least one byte has come. Each order is acknowledged with `ok <n>\n`, where n is the number of its bytes
    /// without the `\n`, before the next one is awaited. That may take minutes. The first failure to read or write is
    /// returned.
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

#[tokio::main]
async fn main() {
    let input: &[u8] = b"3 apples\n1 pear\n";
    let mut answers = Vec::new();
    let orders = orders::serve(tokio::io::join(input, &mut answers)).await;
    println!("{orders:?}, {:?}", String::from_utf8_lossy(&answers));
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream, ReadBuf, duplex, join};
    use tokio::time::timeout;

    use super::orders::serve;

    /// The answer to an order, which has to come while the client waits for it.
    async fn ask(client: &mut DuplexStream, order: &str) -> String {
        client.write_all(order.as_bytes()).await.unwrap();
        let mut answer = String::new();
        while !answer.ends_with('\n') {
            let byte = timeout(Duration::from_secs(1), client.read_u8()).await;
            answer.push(byte.expect("no answer").unwrap().into());
        }
        answer
    }

    #[tokio::test(start_paused = true)]
    async fn each_order_is_acknowledged_before_the_next() {
        let (mut client, connection) = duplex(1);
        let server = tokio::spawn(serve(connection));
        assert_eq!(ask(&mut client, "3 apples\n").await, "ok 8\n");
        assert_eq!(ask(&mut client, "\n").await, "ok 0\n");
        assert_eq!(ask(&mut client, "a pear\n").await, "ok 6\n");
        drop(client);
        assert_eq!(server.await.unwrap().unwrap(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_ends_an_order_unless_it_has_no_byte() {
        for (sent, answered, orders) in
            [("", "", 0), ("1 plum", "ok 6\n", 1), ("a\n\n\nb", "ok 1\nok 0\nok 0\nok 1\n", 4)]
        {
            let mut answers = Vec::new();
            let served = serve(join(sent.as_bytes(), &mut answers)).await;
            assert_eq!(served.unwrap(), orders, "for {sent:?}");
            assert_eq!(String::from_utf8(answers).unwrap(), answered, "for {sent:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_cannot_be_written_is_an_error() {
        let (mut client, connection) = duplex(64);
        client.write_all(b"3 apples\n").await.unwrap();
        drop(client);
        assert_eq!(serve(connection).await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }

    /// Fails in every read.
    struct Broken;

    impl AsyncRead for Broken {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_to_read_is_an_error() {
        for sent in ["", "3 app", "3 apples\n"] {
            let mut answers = Vec::new();
            let served = serve(join(sent.as_bytes().chain(Broken), &mut answers)).await;
            assert_eq!(served.unwrap_err().kind(), io::ErrorKind::ConnectionReset, "after {sent:?}");
        }
    }
}
