//! A report service: a place first, and then a connection.
//!
//! Why 50 connections were open with a limit of 2: the permit was taken by the task, and by then the connection had been
//! accepted. The semaphore limited how many were handled at the same time. The others waited for it with an open socket, and
//! nothing limited their number.
//!
//! Now the loop takes the permit, and only then calls `accept`. While all places are taken, nobody calls `accept`: clients
//! wait in the queue of the kernel, where they cost this program nothing, and when the queue is full, the kernel turns new ones
//! away. A permit that waits in `accept` for the next client is not wasted, because it stands for a place that is free.
//!
//! `acquire_owned` is needed because the permit moves into a task, which may outlive the semaphore's `Arc` in this function. In
//! the task, it is dropped when the task ends, in whatever way: at the end of the block, or by a panic, which drops everything
//! that the task owns. An `add_permits(1)` behind the `.await` would not run after a panic.
//!
//! A `JoinSet` does it without a semaphore: it knows how many tasks it has, and `join_next` waits until one of them has ended.
//! That is the simpler way if there is one accept loop. Permits are better if several loops share the limit, or if something
//! else than tasks counts.

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
    let places = Arc::new(Semaphore::new(limit));
    loop {
        let place = places.clone().acquire_owned().await.expect("nobody closes the semaphore");
        let connection = acceptor.accept().await;
        let handling = handle(connection);
        tokio::spawn(async move {
            // A name, so that it lives until the end of the task.
            let _place = place;
            handling.await;
        });
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
