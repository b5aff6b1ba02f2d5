//! `mod orders` receives orders over a connection and acknowledges each. The code is right and stays as it is. Its
//! only test sends everything at once over a local socket and reads the answer at the end, so it also passes if
//! `serve` takes whatever one read returns for an order.
//!
//! Write tests for `serve`, in any number, without a socket. They have to pass on every implementation that does
//! what its documentation says, and at least one has to fail on an implementation that does not. Other
//! implementations take the place of `mod orders` when your tests are graded.

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
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    use super::orders::serve;

    #[tokio::test]
    async fn an_order_is_acknowledged() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (connection, _) = listener.accept().await.unwrap();
        let server = tokio::spawn(serve(connection));
        client.write_all(b"3 apples\n").await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "ok 8\n");
        assert_eq!(server.await.unwrap().unwrap(), 1);
    }
}
