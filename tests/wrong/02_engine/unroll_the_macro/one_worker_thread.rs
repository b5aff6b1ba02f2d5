//! fails: app_runs_to_its_end_on_one_thread
//! says: Asked for current_thread, got multi_thread

// a multi-threaded runtime with one worker: with the thread in block_on that makes two; tasks of `app` do not run on its thread

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::sleep;

/// Runs `app` on a current-thread runtime of its own.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    let rt = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
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
