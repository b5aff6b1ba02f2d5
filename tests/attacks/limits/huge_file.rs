//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: limits-file-size
//!
//! Writes a file of one gigabyte (a sparse one, so that a missing limit fills no disk). Solves the exercise
//! only if it can.

use std::fs::File;
use std::os::unix::fs::FileExt;
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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    let written = File::create("huge").and_then(|file| file.write_all_at(b"end", 1 << 30));
    let _ = std::fs::remove_file("huge");
    written.is_ok()
}

fn main() {}
