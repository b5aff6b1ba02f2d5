//! A scripted client written by hand (AsyncRead and AsyncWrite), and every way to cut the input in two.

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
    use std::collections::VecDeque;
    use std::io::{self, ErrorKind};
    use std::pin::Pin;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;

    use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
    use tokio::time::timeout;

    use super::orders::serve;

    enum Step {
        /// One read returns these bytes.
        Send(Vec<u8>),
        /// Waits until these are the answers that have been flushed since the beginning.
        Hear(&'static str),
        /// One read fails.
        Fail(ErrorKind),
    }

    struct Client {
        steps: VecDeque<Step>,
        heard: Vec<u8>,
        unflushed: Vec<u8>,
        reader: Option<Waker>,
        /// A write takes so many bytes at most.
        at_most: usize,
        /// Each second call of `poll_write` is not ready at first.
        hesitates: bool,
        hesitated: bool,
        /// After so many bytes a write fails, once.
        full: Option<(usize, ErrorKind)>,
    }

    impl Client {
        fn new(steps: impl IntoIterator<Item = Step>) -> Self {
            Self {
                steps: steps.into_iter().collect(),
                heard: Vec::new(),
                unflushed: Vec::new(),
                reader: None,
                at_most: usize::MAX,
                hesitates: false,
                hesitated: false,
                full: None,
            }
        }

        fn heard(&self) -> &str {
            std::str::from_utf8(&self.heard).unwrap()
        }
    }

    impl AsyncRead for Client {
        fn poll_read(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            loop {
                match self.steps.pop_front() {
                    None => return Poll::Ready(Ok(())),
                    Some(Step::Fail(kind)) => return Poll::Ready(Err(kind.into())),
                    Some(Step::Send(mut bytes)) => {
                        if bytes.is_empty() {
                            continue;
                        }
                        let rest = bytes.split_off(bytes.len().min(buf.remaining()));
                        buf.put_slice(&bytes);
                        if !rest.is_empty() {
                            self.steps.push_front(Step::Send(rest));
                        }
                        return Poll::Ready(Ok(()));
                    }
                    Some(Step::Hear(answers)) => {
                        if self.heard.len() < answers.len() {
                            self.steps.push_front(Step::Hear(answers));
                            self.reader = Some(context.waker().clone());
                            return Poll::Pending;
                        }
                        assert_eq!(self.heard(), answers);
                    }
                }
            }
        }
    }

    impl AsyncWrite for Client {
        fn poll_write(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
            buf: &[u8],
        ) -> Poll<io::Result<usize>> {
            if self.hesitates {
                self.hesitated = !self.hesitated;
                if self.hesitated {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
            }
            let mut count = buf.len().min(self.at_most);
            if let Some((room, kind)) = self.full {
                let left = room - self.heard.len() - self.unflushed.len();
                if left == 0 {
                    self.full = None;
                    return Poll::Ready(Err(kind.into()));
                }
                count = count.min(left);
            }
            self.unflushed.extend_from_slice(&buf[..count]);
            Poll::Ready(Ok(count))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            let mut unflushed = std::mem::take(&mut self.unflushed);
            self.heard.append(&mut unflushed);
            if let Some(reader) = self.reader.take() {
                reader.wake();
            }
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.poll_flush(context)
        }
    }

    async fn run(client: &mut Client) -> io::Result<usize> {
        timeout(Duration::from_secs(3600), serve(client))
            .await
            .expect("an answer is missing, and both sides wait")
    }

    fn send(bytes: &[u8]) -> Step {
        Step::Send(bytes.to_vec())
    }

    const ORDERS: &[u8] = b"3 apples\n\n\xff\xc3\r\n12345678901\nend";
    const ANSWERS: &str = "ok 8\nok 0\nok 3\nok 11\nok 3\n";

    #[tokio::test(start_paused = true)]
    async fn every_cut() {
        for first in 0..=ORDERS.len() {
            for second in first..=ORDERS.len() {
                let mut client = Client::new([
                    send(&ORDERS[..first]),
                    send(&ORDERS[first..second]),
                    send(&ORDERS[second..]),
                ]);
                assert_eq!(run(&mut client).await.unwrap(), 5);
                assert_eq!(client.heard(), ANSWERS, "{first}, {second}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn byte_by_byte_in_both_directions() {
        for at_most in [1, 2, 3] {
            let mut client = Client::new(ORDERS.iter().map(|byte| send(&[*byte])));
            client.at_most = at_most;
            client.hesitates = true;
            assert_eq!(run(&mut client).await.unwrap(), 5);
            assert_eq!(client.heard(), ANSWERS);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_comes_before_the_next_order_and_not_before_the_order_is_complete() {
        let mut client = Client::new([
            Step::Hear(""),
            send(b"ab\n"),
            Step::Hear("ok 2\n"),
            send(b"abc"),
            Step::Hear("ok 2\n"),
            send(b"d"),
            Step::Hear("ok 2\n"),
            send(b"\n"),
            Step::Hear("ok 2\nok 4\n"),
            send(b"\n"),
            Step::Hear("ok 2\nok 4\nok 0\n"),
            send(b"a\nb\nccc"),
            Step::Hear("ok 2\nok 4\nok 0\nok 1\nok 1\n"),
        ]);
        assert_eq!(run(&mut client).await.unwrap(), 6);
        assert_eq!(client.heard(), "ok 2\nok 4\nok 0\nok 1\nok 1\nok 3\n");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_no_order() {
        let mut client = Client::new([]);
        assert_eq!(run(&mut client).await.unwrap(), 0);
        assert_eq!(client.heard(), "");

        let mut client = Client::new([send(b"a\n")]);
        assert_eq!(run(&mut client).await.unwrap(), 1);
        assert_eq!(client.heard(), "ok 1\n");

        let mut client = Client::new([send(b"\n")]);
        assert_eq!(run(&mut client).await.unwrap(), 1);
        assert_eq!(client.heard(), "ok 0\n");
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_may_be_long() {
        let mut order = vec![b'x'; 250_000];
        let mut client = Client::new([send(&order), send(b"\n"), send(&order)]);
        assert_eq!(run(&mut client).await.unwrap(), 2);
        assert_eq!(client.heard(), "ok 250000\nok 250000\n");

        order.extend_from_slice(b"\nnext\n");
        let mut client = Client::new([send(&order), Step::Hear("ok 250000\nok 4\n")]);
        assert_eq!(run(&mut client).await.unwrap(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_to_read_is_no_end() {
        for kind in [ErrorKind::ConnectionReset, ErrorKind::ConnectionAborted, ErrorKind::UnexpectedEof] {
            let mut client = Client::new([Step::Fail(kind)]);
            assert_eq!(run(&mut client).await.unwrap_err().kind(), kind);
            assert_eq!(client.heard(), "");

            let mut client = Client::new([send(b"a\nbc"), Step::Fail(kind), send(b"d\n")]);
            assert_eq!(run(&mut client).await.unwrap_err().kind(), kind);
            assert_eq!(client.heard(), "ok 1\n");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_to_write_is_returned() {
        for room in 0..10 {
            let mut client = Client::new([send(b"a\n"), send(b"b\nc\n"), Step::Fail(ErrorKind::TimedOut)]);
            client.full = Some((room, ErrorKind::PermissionDenied));
            assert_eq!(run(&mut client).await.unwrap_err().kind(), ErrorKind::PermissionDenied, "{room}");
        }
        // The last order, too.
        let mut client = Client::new([send(b"a")]);
        client.full = Some((2, ErrorKind::PermissionDenied));
        assert_eq!(run(&mut client).await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    }
}

#[tokio::main]
async fn main() {
    let input: &[u8] = b"3 apples\n1 pear\n";
    let mut answers = Vec::new();
    let orders = orders::serve(tokio::io::join(input, &mut answers)).await;
    println!("{orders:?}, {:?}", String::from_utf8_lossy(&answers));
}
