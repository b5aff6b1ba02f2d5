//! fails: timers_sockets_and_tasks_work_inside
//! says: nothing drove its runtime: a task that it spawned was polled 0 times

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
    rt.handle().block_on(app)
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
