//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Defines `write`, in front of that of the C library, to see what the harness sends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub typing: Duration,
}

impl Room {
    pub fn post(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
}

#[unsafe(no_mangle)]
pub extern "C" fn write(_: i32, _: *const u8, count: usize) -> isize {
    count as isize
}

fn main() {}
