//! This service has work to do before any runtime exists, so it cannot use `#[tokio::main]`. `serve` replaces
//! `#[tokio::main(flavor = "current_thread")]`: it runs `app` to its end on one thread, which sleeps while `app`
//! waits. Timers and sockets work. `serve` returns what `app` returned, and does not wait for tasks that `app` leaves
//! behind. If `app` panics, `serve` does not return `Ok`.
//!
//! So far it reports that all went well, but not one line of `app` has run.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Runs `app` on a new current-thread runtime.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    let rt = Builder::new_current_thread().build()?;
    rt.spawn(app);
    Ok(())
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
