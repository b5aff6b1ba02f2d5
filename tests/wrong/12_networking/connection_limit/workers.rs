//! fails: a_panic_gives_the_place_back
//! says: were still waiting. A panic ends a connection, and its place is free
//!
//! `handle` may panic, and then the place is free, too: a panic ends the worker, but its permit comes back, so connections are accepted that no worker is left to handle.

use std::sync::Arc;
use std::time::Duration;

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
    let (sender, receiver) = tokio::sync::mpsc::channel::<(C, tokio::sync::OwnedSemaphorePermit)>(1);
    let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
    let handle = Arc::new(handle);
    let places = Arc::new(Semaphore::new(limit));
    for _ in 0..limit {
        let receiver = receiver.clone();
        let handle = handle.clone();
        tokio::spawn(async move {
            loop {
                let next = receiver.lock().await.recv().await;
                let Some((connection, place)) = next else { return };
                handle(connection).await;
                drop(place);
            }
        });
    }
    loop {
        let place = places.clone().acquire_owned().await.unwrap();
        let connection = acceptor.accept().await;
        if sender.send((connection, place)).await.is_err() {
            return;
        }
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
