//! attacks: lazy_call
//! expects: crashed
//! says: The program ended itself (exit code 0)
//! stopped by: report-needed
//!
//! Ends the process with exit code 0 when the plan is dropped, be it awaited or not.

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
    let _leaving = Leaving;
}

struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        std::process::exit(0);
    }
}

fn main() {}
