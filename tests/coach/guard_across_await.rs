//! situation: guard_across_await
//! says: `count` holds a lock
//! says: at line

use std::sync::{Arc, Mutex};
async fn log(line: &str) {
    println!("{line}");
}

pub fn run() {
    let counter = Arc::new(Mutex::new(0));
    tokio::spawn(async move {
        let mut count = counter.lock().unwrap();
        *count += 1;
        log("counted").await;
    });
}
