//! attacks: lazy_call
//! expects: does_not_compile
//! generate: parentheses
//! stopped by: limits-compile
//!
//! Twenty thousand parentheses inside of each other.

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

pub const DEEP: u8 = {{PARENTHESES}};

fn main() {}
