//! attacks: lazy_call
//! expects: failed|hung
//! stopped by: limits-files
//!
//! Makes twenty thousand folders inside of each other, which are hard to remove.

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
    let mut made = 0;
    while made < 20_000
        && std::fs::create_dir("deeper").is_ok()
        && std::env::set_current_dir("deeper").is_ok()
    {
        made += 1;
    }
}

fn main() {}
