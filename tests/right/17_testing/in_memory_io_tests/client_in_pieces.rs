//! Tests for `serve`.

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

    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf, duplex};

    use super::orders::serve;

    /// A connection that can fail on either side, and takes and gives at most 2 bytes at once.
    struct Line {
        input: &'static [u8],
        reads_fail: bool,
        output: Vec<u8>,
        room: usize,
    }

    impl AsyncRead for Line {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            if self.input.is_empty() && self.reads_fail {
                return Poll::Ready(Err(io::Error::other("cut off")));
            }
            let (piece, rest) = self.input.split_at(self.input.len().min(2).min(buffer.remaining()));
            buffer.put_slice(piece);
            self.input = rest;
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Line {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let taken = bytes.len().min(2).min(self.room);
            if taken == 0 {
                return Poll::Ready(Err(io::Error::other("no room")));
            }
            self.room -= taken;
            self.output.extend_from_slice(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    async fn served(input: &'static str, reads_fail: bool, room: usize) -> (Result<usize, String>, String) {
        let mut line = Line { input: input.as_bytes(), reads_fail, output: Vec::new(), room };
        let outcome = serve(&mut line).await.map_err(|error| error.to_string());
        (outcome, String::from_utf8(line.output).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn all_that_can_come() {
        let all = "ok 8\nok 0\nok 6\n".to_owned();
        assert_eq!(served("3 apples\n\n1 pear\n", false, 99).await, (Ok(3), all.clone()));
        assert_eq!(served("3 apples\n\n1 pear", false, 99).await, (Ok(3), all.clone()));
        assert_eq!(served("", false, 99).await, (Ok(0), String::new()));
        let (outcome, _) = served("3 apples\n\n1 pear", true, 99).await;
        assert_eq!(outcome, Err("cut off".to_owned()));
        let (outcome, written) = served("3 apples\n\n1 pear\n", false, 6).await;
        assert_eq!(outcome, Err("no room".to_owned()));
        assert!(all.starts_with(&written));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_waits() {
        let (mut client, connection) = duplex(16);
        let talk = async {
            for order in ["12345\n", "1\n"] {
                client.write_all(order.as_bytes()).await.unwrap();
                let mut answer = [0; 5];
                client.read_exact(&mut answer).await.unwrap();
                assert_eq!(answer, *format!("ok {}\n", order.len() - 1).as_bytes());
            }
            client.shutdown().await.unwrap();
        };
        let (served, ()) = tokio::join!(serve(connection), talk);
        assert_eq!(served.unwrap(), 2);
    }
}
