//! situation: lock_dropped_at_once
//! says: keeps nothing

use std::sync::Mutex;
pub fn run() {
    let m = Mutex::new(1);
    let _ = m.lock();
}
