//! situation: clippy_lock_across_await
//! says: The guard in line
//! exercise: linted

use std::sync::Mutex;
async fn log(l: &str) {
    println!("{l}");
}
pub async fn bump(m: &Mutex<u32>) {
    let mut count = m.lock().unwrap();
    *count += 1;
    log("x").await;
}
pub fn run() {}
