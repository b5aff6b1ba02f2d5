//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: fault-needs-no-code,unsafe-forbidden
//!
//! Asks for a native library whose name is the complaint about a broken machine: the compiler's error points at
//! no code.

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

#[link(name = "linker `cc` not found: No space left on device", kind = "static")]
unsafe extern "C" {}

fn main() {}
