//! attacks: lazy_call
//! expects: failed|crashed
//! stopped by: fault-needs-no-code
//!
//! Panics with the words of a broken machine, and prints them.

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
    eprintln!("error: No space left on device (os error 28)");
    panic!("cannot start: linker `cc` not found; No space left on device (os error 28)");
}

fn main() {}
