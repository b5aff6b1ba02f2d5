//! attacks: lazy_call
//! expects: failed
//! stopped by: key
//!
//! Prints frames of the harness, with and without a key.

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
    for key in [String::new(), "0".repeat(32), "hi_is_heard".to_owned()] {
        println!("{key} passed");
        println!("\0{key} passed\r");
    }
}

fn main() {}
