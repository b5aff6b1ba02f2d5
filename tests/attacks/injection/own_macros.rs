//! attacks: lazy_call
//! expects: failed
//! stopped by: separate-crates
//!
//! Exports macros that are called like those of the hidden tests and that are content with everything.

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

#[macro_export]
macro_rules! assert {
    ($($any:tt)*) => {};
}

#[macro_export]
macro_rules! vec {
    ($($any:tt)*) => {
        exercise::Equal
    };
}

/// Whatever two lines are compared with.
#[derive(Debug)]
pub struct Equal;

impl PartialEq<Equal> for Vec<String> {
    fn eq(&self, _: &Equal) -> bool {
        true
    }
}

#[macro_export]
macro_rules! panic {
    ($($any:tt)*) => {
        ::std::process::abort()
    };
}

#[macro_export]
macro_rules! greet {
    ($($any:tt)*) => {};
}

fn main() {}
