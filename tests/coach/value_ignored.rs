//! situation: value_ignored
//! says: guard or a permit

use std::sync::Mutex;
pub fn run() {
    Mutex::new(1).lock().expect("whole");
}
