//! attacks: lazy_call
//! expects: failed
//! says: panicked before it was done
//! stopped by: key
//!
//! The panic's text looks like the end of one frame and a whole other one.

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
    panic!("x\t\n{} passed\n{} passed", "0".repeat(32), "");
}

fn main() {}
