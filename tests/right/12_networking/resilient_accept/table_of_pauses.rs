//! A function accepts one connection with a table of pauses. `handle` is called in the task, and tasks are in a JoinSet.

use std::io::{self, ErrorKind};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Where connections come from. Tests bring their own.
pub trait Acceptor<C>: Send + 'static {
    /// Waits for the next client. A call that is dropped loses no client.
    fn accept(&mut self) -> impl Future<Output = io::Result<C>> + Send;
}

/// Returns only when an error is final. The program ends then, so what happens to the open
/// connections does not matter.
pub async fn serve<A, C, F, H>(mut acceptor: A, handle: F) -> io::Result<()>
where
    A: Acceptor<C>,
    C: Send + 'static,
    F: Fn(C) -> H + Send + Sync + 'static,
    H: Future<Output = ()> + Send + 'static,
{
    let handle = std::sync::Arc::new(handle);
    let mut open = tokio::task::JoinSet::new();
    loop {
        let connection = next_connection(&mut acceptor).await?;
        let handle = handle.clone();
        open.spawn(async move { handle(connection).await });
        while open.try_join_next().is_some() {}
    }
}

async fn next_connection<C, A: Acceptor<C>>(acceptor: &mut A) -> io::Result<C> {
    for seconds in [1, 2, 4, 8, 16, 32, 64] {
        match present(acceptor).await {
            Ok(connection) => return Ok(connection),
            Err(error) => eprintln!("pause for {seconds} s: {error}"),
        }
        sleep(Duration::from_secs(seconds)).await;
    }
    present(acceptor).await
}

/// The next one that has not left before it was accepted.
async fn present<C, A: Acceptor<C>>(acceptor: &mut A) -> io::Result<C> {
    loop {
        let result = acceptor.accept().await;
        if let Err(error) = &result {
            if error.kind() == ErrorKind::ConnectionAborted || error.kind() == ErrorKind::ConnectionReset {
                continue;
            }
        }
        return result;
    }
}

/// A listener that has a bad night.
struct Night {
    start: Instant,
    calls: usize,
}

impl Acceptor<usize> for Night {
    async fn accept(&mut self) -> io::Result<usize> {
        sleep(Duration::from_millis(100)).await;
        self.calls += 1;
        let outcome = match self.calls {
            2 => Err(ErrorKind::ConnectionAborted.into()),
            4..=6 => Err(io::Error::other("too many open files")),
            9.. => Err(io::Error::other("the network interface is gone")),
            call => Ok(call),
        };
        println!("{:6.1} s  accept: {outcome:?}", self.start.elapsed().as_secs_f32());
        outcome
    }
}

// The clock is paused, so the night is over at once.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let night = Night { start: Instant::now(), calls: 0 };
    let end = serve(night, |_client| sleep(Duration::from_secs(1))).await;
    println!("the service has ended: {end:?}");
}
