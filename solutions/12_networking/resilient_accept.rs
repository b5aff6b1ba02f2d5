//! The front door of a photo service: three kinds of outcomes, and a pause that grows.
//!
//! Why a client could end the service: `?` makes every error of `accept` the last word of `serve`, and most of these errors do
//! not say that the listener is broken. A client that hangs up while it is in the queue is reported by the same call as a full
//! table of open files, so the loop has to tell them apart by their kind.
//!
//! Going on without a pause is the opposite mistake. When the process has too many open files, the client stays in the queue,
//! the next `accept` fails for the same reason, and the loop takes the processor time of the very tasks that could close a
//! file. A pause gives them time. It grows, because a trouble that has lasted for a minute will hardly be over in a second.
//!
//! `pause` is the state that lives across the calls. A connection sets it back: whatever it was, it is over. A client that
//! left proves nothing about the trouble, so it changes nothing. A pause of more than 64 s does not exist, and this is how the
//! loop knows that the longest one has not helped.
//!
//! `sleep` holds nobody up: the connections are tasks, and only this task sleeps. `std::thread::sleep` would stop them all.

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
    let mut pause = FIRST_PAUSE;
    loop {
        match acceptor.accept().await {
            Ok(connection) => {
                pause = FIRST_PAUSE;
                tokio::spawn(handle(connection));
            }
            Err(error) if client_left(&error) => {}
            Err(error) if pause > LONGEST_PAUSE => return Err(error),
            Err(error) => {
                eprintln!("accept: {error}; the next try is in {pause:?}");
                sleep(pause).await;
                pause *= 2;
            }
        }
    }
}

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(64);

/// Whether an error concerns one client that left, and nobody else.
fn client_left(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
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
