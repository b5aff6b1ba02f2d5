//! attacks: lazy_call
//! expects: does_not_compile
//! says: compiling took longer
//! stopped by: limits-compile
//!
//! Solves the exercise, but has a constant that the compiler needs a minute for.

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
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

pub const LATE: u64 = {
    let mut turn = 0;
    while turn < 60_000_000 {
        turn += 1;
    }
    turn
};

fn main() {}
