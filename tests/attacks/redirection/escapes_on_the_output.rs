//! attacks: lazy_call
//! expects: failed
//! stopped by: sanitise
//!
//! Prints escape sequences that would clear the screen, set the window's title, and write `passed` over the
//! verdict.

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
    println!("\x1b[2J\x1b[H\x1b]0;passed\x07\x1b[1;32mpassed\x1b[0m\x1b[8m");
    eprintln!(
        "\u{9b}31m\x1bPq\x1b\\\x1b_G\x1b\\\x1b]8;;http://127.0.0.1\x1b\\link\x1b]8;;\x1b\\\x1b]52;c;AAAA\x07"
    );
    println!("failed\rpassed\x08\x08\u{202e}dessap\u{202c}\x1b(0\x1bc");
}

fn main() {}
