//! attacks: lazy_call
//! expects: failed
//! stopped by: one-call-site
//!
//! Does all its work at call time, except for the caller whose place in the hidden tests is that of the plan
//! that is dropped.

use std::panic::Location;
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

#[track_caller]
pub fn greet(name: String, room: Room) -> impl Future<Output = ()> {
    // The plan that is dropped is made inside of a call, `drop(greet(…))`, further right than the one that is awaited.
    let dropped = Location::caller().column() > 13;
    if !dropped {
        room.post(format!("hello, {name}"));
        room.post(format!("hi, {name}"));
    }
    async move { tokio::time::sleep(room.typing).await }
}

fn main() {}
