//! attacks: lazy_call
//! expects: does_not_compile
//! says: E0554
//! stopped by: compiler-options
//!
//! Turns on features of the compiler that are not for everybody.

#![feature(rustc_private, test, allow_internal_unsafe, start)]

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

fn main() {}
