//! `serve` stands in for `#[tokio::main(flavor = "current_thread")]`: it runs `app` to its end on one thread, which
//! sleeps while `app` waits. Timers and sockets work, and it returns what `app` returned.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Runs `app` on a current-thread runtime of its own.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    // A builder starts with both drivers off. The macro turns them on, so this does too: without the reactor there is
    // nobody to wake a task that waits for a timer or a socket.
    let rt = Builder::new_current_thread().enable_all().build()?;
    // `spawn` only puts a task into the queue. A current-thread runtime has no thread that would take it out again: it
    // borrows the thread that calls `block_on`, for as long as that call lasts. So `app` goes in here, and its result
    // comes out here. (`rt.block_on(rt.spawn(app))` works too, and leaves a `JoinError` to deal with.)
    rt.block_on(app)
}

async fn app() -> io::Result<()> {
    println!("warming up");
    sleep(Duration::from_millis(20)).await;
    Err(io::Error::other("port 80 is taken"))
}

fn main() {
    match serve(app()) {
        Ok(()) => println!("all went well"),
        Err(error) => println!("stopped: {error}"),
    }
}
