//! attacks: lazy_call
//! expects: failed|hung
//! needs: confinement
//! alone: leaves folders for whoever clears away
//! stopped by: clean-up, limits-scratch
//!
//! Three thousand folders inside of each other, each with a file whose name no terminal should see.

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
    for level in 0..3_000 {
        let _ = std::fs::write(format!("{level}\n\u{1b}[2J\u{202e}"), "");
        if std::fs::create_dir("d").is_err() || std::env::set_current_dir("d").is_err() {
            break;
        }
    }
    panic!("no deeper than this");
}

fn main() {}
