//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Marks its own macro as one of the standard library, which may use unsafe where it is called.

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

#[allow_internal_unsafe]
#[macro_export]
macro_rules! hidden {
    () => {
        unsafe { std::hint::unreachable_unchecked() }
    };
}

fn main() {}
