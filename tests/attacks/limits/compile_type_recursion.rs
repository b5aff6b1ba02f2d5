//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: limits-compile
//!
//! A function whose type grows with each call.

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

fn grow<T>(value: T, depth: u64) -> u64 {
    if depth == 0 { 0 } else { grow((value, 1_u8), depth - 1) }
}

pub fn start() -> u64 {
    grow((), 1)
}

fn main() {}
