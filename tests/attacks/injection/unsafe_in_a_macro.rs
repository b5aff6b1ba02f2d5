//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Hides the word in a macro, in pieces.

macro_rules! hidden {
    ($word:tt) => {
        $word { std::hint::unreachable_unchecked() }
    };
}

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
    hidden!(unsafe);
}

fn main() {}
