//! fails: a_panic_of_app_is_no_success
//! says: `app` panicked, but `serve` returned `Ok(())`

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
    rt.block_on(rt.spawn(app)).unwrap_or(Ok(()))
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
