//! `serve` replaces `#[tokio::main(flavor = "current_thread")]`: it runs `app` to its end on one thread, which sleeps
//! while `app` waits. Timers and sockets work, and it returns what `app` returned.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Runs `app` on a new current-thread runtime.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    // A builder starts with both drivers off. The macro turns them on, so this code does, too: without the reactor,
    // nothing wakes a task that waits for a timer or a socket.
    let rt = Builder::new_current_thread().enable_all().build()?;
    // `spawn` only puts a task into the queue. A current-thread runtime has no thread that takes it out again: it
    // borrows the thread that calls `block_on`, for as long as that call lasts. So pass `app` to `block_on`, which also
    // returns its result. (`rt.block_on(rt.spawn(app))` works too, but leaves a `JoinError` to handle.)
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
