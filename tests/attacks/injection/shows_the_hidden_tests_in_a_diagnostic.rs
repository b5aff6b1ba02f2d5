//! attacks: lazy_call
//! expects: does_not_compile
//! says: No such file
//! needs: confinement
//! hides: fn hi_is_heard
//! stopped by: confinement-files
//!
//! Makes the compiler quote the hidden tests to the learner: their text is the text of an error.

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

compile_error!(include_str!("../../../hidden/hidden_tests.rs"));

fn main() {}
