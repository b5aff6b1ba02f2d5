//! attacks: lazy_call
//! expects: failed
//! stopped by: separate-crates
//!
//! Defines modules that are called like the harness and the standard library, in the hope that the hidden tests
//! use them.

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

pub mod testkit {
    pub fn settle() {}
    pub fn vt<F: Future>(_: F) {}
    pub mod harness {
        pub fn main<T>(_: T) -> ::std::process::ExitCode {
            ::std::process::ExitCode::SUCCESS
        }
    }
}

pub mod core {}
pub mod tokio {}

fn main() {}
