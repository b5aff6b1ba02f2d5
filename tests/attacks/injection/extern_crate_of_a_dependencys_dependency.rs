//! attacks: lazy_call
//! expects: does_not_compile
//! says: libc
//! stopped by: separate-crates
//!
//! Links `libc`, which tokio brings along, for its ways around the standard library.

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

extern crate libc;

fn main() {}
