//! situation: tests_move_a_guard
//! says: `std::sync::MutexGuard<
//! exercise: moved

use std::sync::Mutex;
async fn log(line: &str) {
    println!("{line}");
}
pub async fn run() {
    let lock = Mutex::new(1);
    let guard = lock.lock().unwrap();
    log("x").await;
    println!("{guard}");
}
