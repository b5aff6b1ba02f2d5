//! attacks: lazy_call
//! expects: does_not_compile
//! says: compiling took longer
//! stopped by: limits-compile
//!
//! The same, with the compiler's own alarm switched off.

#![allow(long_running_const_eval)]

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

pub const NEVER: u64 = {
    let mut turn = 0;
    while turn < u64::MAX {
        turn += 1;
    }
    turn
};

fn main() {}
