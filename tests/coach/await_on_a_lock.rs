//! situation: await_on_a_lock
//! says: the standard library's

use std::sync::Mutex;
pub async fn total(m: &Mutex<u32>) {
    let mut count = m.lock().await;
    *count += 1;
}
pub fn run() {}
