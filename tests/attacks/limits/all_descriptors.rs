//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: limits-files
//!
//! Opens ten thousand files and keeps them. Solves the exercise only if it gets them.

use std::fs::File;
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
    let mut files = Vec::new();
    (0..10_000)
        .all(|_| File::open(".").or_else(|_| File::open("/dev/null")).map(|file| files.push(file)).is_ok())
}

fn main() {}
