//! A JoinSet that is cleaned up in a select! beside accept.

use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// Where connections come from. Tests bring their own.
pub trait Acceptor<C>: Send + 'static {
    /// Waits for the next client. A call that is dropped loses no client.
    fn accept(&mut self) -> impl Future<Output = io::Result<C>> + Send;
}

/// Knows what articles cost, in cents. Tests bring their own.
pub trait Prices: Send + Sync + 'static {
    fn price(&self, article: &str) -> impl Future<Output = u32> + Send;
}

/// Serves the tills until `accept` fails, and then returns that error at once. The program ends
/// then, so what happens to the open connections does not matter.
pub async fn serve<A, C, P>(mut acceptor: A, prices: Arc<P>) -> io::Result<()>
where
    A: Acceptor<C>,
    C: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    P: Prices,
{
    let mut tills = JoinSet::new();
    loop {
        tokio::select! {
            connection = acceptor.accept() => {
                let connection = connection?;
                let prices = prices.clone();
                tills.spawn(async move { serve_till(connection, prices.as_ref()).await });
            }
            Some(end) = tills.join_next() => match end {
                Ok(Ok(())) => {}
                Ok(Err(error)) => eprintln!("a till is gone: {error}"),
                Err(error) => eprintln!("a till has failed: {error}"),
            },
        }
    }
}

/// Serves one till, from its first line to its last. This part is right.
async fn serve_till<P: Prices>(
    connection: impl AsyncRead + AsyncWrite + Unpin,
    prices: &P,
) -> io::Result<()> {
    let (reading, mut writing) = tokio::io::split(connection);
    let mut lines = BufReader::new(reading).lines();
    while let Some(article) = lines.next_line().await? {
        let price = prices.price(&article).await;
        writing.write_all(format!("{price}\n").as_bytes()).await?;
    }
    Ok(())
}

impl Acceptor<TcpStream> for TcpListener {
    async fn accept(&mut self) -> io::Result<TcpStream> {
        let (connection, _) = TcpListener::accept(self).await?;
        Ok(connection)
    }
}

struct List;

impl Prices for List {
    async fn price(&self, article: &str) -> u32 {
        if article == "tea" { 349 } else { 199 }
    }
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener, Arc::new(List)));

    let _first = TcpStream::connect(address).await?;
    let mut second = BufReader::new(TcpStream::connect(address).await?);
    second.write_all(b"tea\n").await?;
    let mut price = String::new();
    match timeout(Duration::from_secs(2), second.read_line(&mut price)).await {
        Ok(_) => println!("the second till: tea costs {} cents", price.trim_end()),
        Err(_) => println!("the second till: no price for tea after 2 s"),
    }
    Ok(())
}
