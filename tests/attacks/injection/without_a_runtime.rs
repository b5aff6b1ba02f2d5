//! attacks: lazy_call
//! expects: failed
//! stopped by: compiler-options
//!
//! Asks for a program without a `main`.

#![no_main]
#![allow(warnings)]

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
