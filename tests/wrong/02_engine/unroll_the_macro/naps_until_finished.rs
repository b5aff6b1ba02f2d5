//! fails: the_thread_sleeps_while_app_waits
//! says: While `app` waited for one timer of a minute, the thread woke up

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
    let task = rt.spawn(app);
    while !task.is_finished() {
        rt.block_on(async { sleep(Duration::from_millis(10)).await });
    }
    rt.block_on(task)?
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
