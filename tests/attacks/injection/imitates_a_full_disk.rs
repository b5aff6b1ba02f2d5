//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: fault-needs-no-code
//!
//! Stops the compiler with the words of a broken machine, which would cost no attempt.

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

compile_error!("No space left on device (os error 28)");
compile_error!("linker `cc` not found");
compile_error!("Permission denied (os error 13)");

fn main() {}
