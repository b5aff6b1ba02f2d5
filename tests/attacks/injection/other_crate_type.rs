//! attacks: lazy_call
//! expects: failed|does_not_compile
//! stopped by: compiler-options
//!
//! Wants to be a library of procedural macros, which run inside of the compiler.

#![crate_type = "proc-macro"]
#![no_main]

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
