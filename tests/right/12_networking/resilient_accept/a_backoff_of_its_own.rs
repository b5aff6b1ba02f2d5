//! A struct that knows the pauses, and a `JoinSet` for the connections.

use std::io::{self, ErrorKind};
use std::time::Duration;
use tokio::task::JoinSet;

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
    let mut backoff = Backoff::default();
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = acceptor.accept() => accepted,
            Some(ended) = open.join_next() => {
                if let Err(error) = ended {
                    eprintln!("a connection has failed: {error}");
                }
                continue;
            }
        };
        match accepted {
            Ok(connection) => {
                backoff = Backoff::default();
                open.spawn(handle(connection));
            }
            Err(error)
                if error.kind() == ErrorKind::ConnectionAborted
                    || error.kind() == ErrorKind::ConnectionReset => {}
            Err(error) => backoff.pause(error).await?,
        }
    }
}

#[derive(Default)]
struct Backoff {
    failures: u32,
}

impl Backoff {
    async fn pause(&mut self, error: io::Error) -> io::Result<()> {
        if self.failures == 7 {
            return Err(error);
        }
        sleep(Duration::from_secs(2_u64.pow(self.failures))).await;
        self.failures += 1;
        Ok(())
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
