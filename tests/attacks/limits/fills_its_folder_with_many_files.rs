//! attacks: lazy_call
//! expects: failed|crashed|hung
//! needs: confinement
//! stopped by: limits-scratch
//!
//! Fills its folder with files, none of them larger than a file may be. Solves the exercise only if a gigabyte
//! finds room.

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
    let block = vec![1; 32 << 20];
    let written = (0..32).take_while(|number| fs::write(format!("full-{number}"), &block).is_ok()).count();
    for number in 0..=written {
        let _ = fs::remove_file(format!("full-{number}"));
    }
    written == 32
}

fn main() {}
