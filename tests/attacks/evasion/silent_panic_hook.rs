//! attacks: lazy_call
//! expects: failed
//! says: "hi" was never said
//! stopped by: report-needed
//!
//! Replaces the panic hook, so that the test's panic leaves no trace that the harness could keep.

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
    drop(std::panic::take_hook());
    std::panic::set_hook(Box::new(|_| ()));
}

fn main() {}
