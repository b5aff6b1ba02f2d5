//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! A value of the main thread is destroyed behind the report and ends the process with exit code 0.

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
    LEAVING.with(|_| ());
}

struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        std::process::exit(0);
    }
}

thread_local!(static LEAVING: Leaving = const { Leaving });

fn main() {}
