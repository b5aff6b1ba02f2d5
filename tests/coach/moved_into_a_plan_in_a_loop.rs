//! situation: moved_into_a_plan_in_a_loop
//! says: takes `total` into

use std::sync::{Arc, Mutex};
pub fn run() {
    let total = Arc::new(Mutex::new(0));
    for i in 0..3 {
        tokio::spawn(async move {
            *total.lock().unwrap() += i;
        });
    }
}
