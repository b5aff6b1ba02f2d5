//! attacks: lazy_call
//! expects: failed
//! stopped by: sanitise
//!
//! The message of a panic, which is shown to teachers, carries escape sequences.

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
    panic!("\x1b[2J\x1b[Hpassed\x1b]0;passed\x07\r\u{9b}1m\u{202e}\0\x07");
}

fn main() {}
