//! situation: guard_across_await
//! says: `counter.lock().unwrap()` holds a lock

use std::sync::{Arc, Mutex};
async fn log(line: u32) {
    println!("{line}");
}

async fn bump(counter: Arc<Mutex<Vec<u32>>>) {
    while let Some(x) = counter.lock().unwrap().pop() {
        log(x).await;
    }
}

pub fn run() {
    tokio::spawn(bump(Arc::default()));
}
