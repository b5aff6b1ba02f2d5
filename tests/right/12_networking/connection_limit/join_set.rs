//! A JoinSet. When it has `limit` tasks, one of them has to end before the next accept.

use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

use tokio::sync::Semaphore;
use tokio::time::sleep;

/// Where connections come from. Tests bring their own.
pub trait Acceptor<C>: Send + 'static {
    /// Waits for the next client. A call that is dropped loses no client. (Errors are dealt with
    /// in here, as in `resilient_accept`.)
    fn accept(&mut self) -> impl Future<Output = C> + Send;
}

/// Serves forever. `limit` is at least 1. What happens to the open connections when `serve` is
/// dropped does not matter.
pub async fn serve<A, C, F, H>(mut acceptor: A, limit: usize, handle: F)
where
    A: Acceptor<C>,
    C: Send + 'static,
    F: Fn(C) -> H + Send + Sync + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let mut open = JoinSet::new();
    loop {
        while let Some(end) = open.try_join_next() {
            if end.is_err() {
                eprintln!("a connection has ended with a panic");
            }
        }
        while open.len() >= limit {
            let _ = open.join_next().await;
        }
        let connection = acceptor.accept().await;
        open.spawn(handle(connection));
    }
}

/// Five clients, and then nobody for a long time.
struct Monday {
    clients: u32,
}

impl Acceptor<u32> for Monday {
    async fn accept(&mut self) -> u32 {
        if self.clients == 5 {
            std::future::pending::<()>().await;
        }
        self.clients += 1;
        println!("client {} is accepted", self.clients);
        self.clients
    }
}

#[tokio::main]
async fn main() {
    let serving = serve(Monday { clients: 0 }, 2, async |client| {
        sleep(Duration::from_millis(300)).await;
        println!("client {client} has its report");
    });
    let _ = tokio::time::timeout(Duration::from_secs(2), serving).await;
}
