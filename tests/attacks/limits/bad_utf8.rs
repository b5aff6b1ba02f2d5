//! attacks: lazy_call
//! expects: failed
//! stopped by: sanitise
//!
//! Prints bytes that are no text.

use std::io::Write;
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
    let bytes: Vec<u8> = (0..=255).cycle().take(4096).collect();
    let _ = std::io::stdout().write_all(&bytes);
    let _ = std::io::stderr().write_all(&[0xff, 0xfe, 0xc3, 0x28, 0xf0, 0x80]);
}

fn main() {}
