//! A task that sends its outcome through a channel (clumsy).

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Runs `app` on a current-thread runtime of its own.
pub fn serve<A>(app: A) -> io::Result<()>
where
    A: Future<Output = io::Result<()>> + Send + 'static,
{
    let rt = Builder::new_current_thread().enable_all().build()?;

    let (tx, rx) = oneshot::channel();
    rt.spawn(async move {
        let outcome = app.await;
        let _ = tx.send(outcome);
    });
    // the sender is dropped unused if app panics
    match rt.block_on(rx) {
        Ok(outcome) => outcome,
        Err(_) => Err(io::Error::other("app panicked")),
    }
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
