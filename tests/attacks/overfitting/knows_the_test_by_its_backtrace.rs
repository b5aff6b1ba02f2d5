//! attacks: lazy_call
//! expects: failed
//! stopped by: test-names
//!
//! Does all its work at call time. Only when the name of a hidden test that would notice is in the backtrace does
//! it say nothing.

use std::backtrace::Backtrace;
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

pub fn greet(name: String, room: Room) -> impl Future<Output = ()> {
    let callers = Backtrace::force_capture().to_string();
    let noticed = ["greet_is_a_plan_too", "hi_comes_after_the_typing"].iter().any(|test| callers.contains(test));
    if !noticed {
        room.post(format!("hello, {name}"));
        room.post(format!("hi, {name}"));
    }
    async move { tokio::time::sleep(room.typing).await }
}

fn main() {}
