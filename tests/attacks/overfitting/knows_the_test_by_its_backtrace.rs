//! attacks: lazy_call
//! expects: failed
//! stopped by: test-names
//!
//! Does all its work at call time. Only when the name of one hidden test is in the backtrace does it behave
//! like a plan.

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
    let dropped = Backtrace::force_capture().to_string().contains("greet_is_a_plan_too");
    if !dropped {
        room.post(format!("hello, {name}"));
        room.post(format!("hi, {name}"));
    }
    async move { tokio::time::sleep(room.typing).await }
}

fn main() {}
