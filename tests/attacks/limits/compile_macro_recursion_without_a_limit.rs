//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: limits-compile
//!
//! The same after the compiler was told not to mind: it runs out of its stack.

#![recursion_limit = "4294967295"]

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

macro_rules! again {
    ($($word:tt)*) => { again! { $($word)* } };
}

again! {}

fn main() {}
