//! attacks: runtime_inside_runtime
//! expects: hung
//! says: Hangs asleep
//! stopped by: limits-time
//!
//! Takes the signal TERM and goes on.

use tokio::signal::unix::{SignalKind, signal};

pub async fn invoice<R>(customer: &str, rate: R) -> String
where
    R: Future<Output = u32> + Send + 'static,
{
    drop((customer, rate));
    let (ready, wait) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut term = signal(SignalKind::terminate()).unwrap();
            ready.send(()).unwrap();
            loop {
                term.recv().await;
            }
        });
    });
    wait.recv().unwrap();
    loop {
        std::thread::park();
    }
}

fn main() {}
