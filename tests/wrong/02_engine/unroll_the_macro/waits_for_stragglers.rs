//! fails: tasks_that_are_left_are_not_waited_for
//! says: ms, by the clock of its runtime: a task that `app` had spawned was still there

// waits for every task that `app` has left behind: with a background task that never ends, serve never returns what `app` returned; the macro stops at the end of `app`

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Runs `app` on a current-thread runtime of its own.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    let rt = Builder::new_current_thread().enable_all().build()?;

    let outcome = rt.block_on(app);
    // let the other tasks finish
    while rt.metrics().num_alive_tasks() > 0 {
        rt.block_on(async { sleep(Duration::from_millis(10)).await });
    }
    outcome
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
