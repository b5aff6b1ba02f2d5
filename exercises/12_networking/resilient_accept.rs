//! The front door of a photo service: `serve` accepts connections, and runs `handle` for each one
//! in a task. It has to stay up for months. What it should do when `accept` fails:
//!
//! - `ConnectionAborted` or `ConnectionReset`: a client left before it was accepted. That concerns
//!   nobody else. Call `accept` again at once, and forget that client.
//! - Any other error, such as "too many open files", would come right back. Pause for 1 s, and then
//!   call `accept` again. If such an error comes again, pause for 2 s, then for 4 s, and so on:
//!   each pause is twice as long as the one before. Once a connection has been accepted, the next
//!   pause is 1 s again.
//! - The longest pause is 64 s. If such an error comes after that one, it is not going away: return
//!   it.
//!
//! Connections that are open are served all the time, also during a pause.
//!
//! So far the first error ends the service. Last night it was a client that hung up.

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
    loop {
        let connection = acceptor.accept().await?;
        tokio::spawn(handle(connection));
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
