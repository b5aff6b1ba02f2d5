//! attacks: lazy_call
//! expects: failed
//! stopped by: test-names
//!
//! Brings tests of its own with the names of the hidden ones, which all pass.

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

#[test]
pub fn hi_is_heard() {}

#[test]
pub fn greet_ends_when_hi_is_said() {}

#[test]
pub fn greet_is_a_plan_too() {}

fn main() {}
