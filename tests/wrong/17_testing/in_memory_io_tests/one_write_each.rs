//! fails: right_takes_its_time
//! says: Your test `one_answer_for_each_order` waits in real time: it slept for
//!
//! Over-specifies how an answer is written: each has to be one call of poll_write.

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
    use std::io::{self, ErrorKind};
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;

    use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf, duplex, join};
    use tokio::time::timeout;

    use super::orders::serve;

    #[derive(Default)]
    struct Recorder {
        writes: Vec<String>,
    }

    impl AsyncWrite for Recorder {
        fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            self.writes.push(String::from_utf8_lossy(buf).into_owned());
            Poll::Ready(Ok(buf.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    struct Broken;

    impl AsyncRead for Broken {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Err(ErrorKind::ConnectionReset.into()))
        }
    }

    #[tokio::test]
    async fn one_answer_for_each_order() {
        let mut recorder = Recorder::default();
        let orders = serve(join(&b"3 apples\n\n1 pear"[..], &mut recorder)).await.unwrap();
        assert_eq!(orders, 3);
        assert_eq!(recorder.writes, ["ok 8\n", "ok 0\n", "ok 6\n"]);
    }

    #[tokio::test]
    async fn a_failure_is_returned() {
        let failure = serve(join(Broken, Vec::<u8>::new())).await.unwrap_err();
        assert_eq!(failure.kind(), ErrorKind::ConnectionReset);
        let (mut client, connection) = duplex(64);
        client.write_all(b"a\n").await.unwrap();
        drop(client);
        assert_eq!(serve(connection).await.unwrap_err().kind(), ErrorKind::BrokenPipe);
    }

    #[tokio::test(start_paused = true)]
    async fn in_pieces() {
        let (mut client, connection) = duplex(64);
        let server = tokio::spawn(serve(connection));
        client.write_all(b"3 ap").await.unwrap();
        assert!(timeout(Duration::from_secs(1), client.read_u8()).await.is_err());
        client.write_all(b"ples\n").await.unwrap();
        let mut answer = [0; 64];
        let length = timeout(Duration::from_secs(1), client.read(&mut answer)).await.unwrap().unwrap();
        assert_eq!(&answer[..length], b"ok 8\n");
        drop(client);
        assert_eq!(server.await.unwrap().unwrap(), 1);
    }
}

#[tokio::main]
async fn main() {
    let input: &[u8] = b"3 apples\n1 pear\n";
    let mut answers = Vec::new();
    let orders = orders::serve(tokio::io::join(input, &mut answers)).await;
    println!("{orders:?}, {:?}", String::from_utf8_lossy(&answers));
}
