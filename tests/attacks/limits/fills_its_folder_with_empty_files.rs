//! attacks: lazy_call
//! expects: failed|crashed|hung
//! needs: confinement
//! stopped by: limits-scratch
//!
//! Makes a hundred thousand empty files, which take no room and yet all that the file system has for files.
//! Solves the exercise only if it can.

use std::fs;
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
    (0..100_000).all(|number| fs::File::create(number.to_string()).is_ok())
}

fn main() {}
