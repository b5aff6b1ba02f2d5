//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Starts its own program again and leaves with exit code 0, as a daemon does.

use std::process::{Command, Stdio};
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
    if let Ok(program) = std::env::current_exe()
        && Command::new(program).stdin(Stdio::null()).spawn().is_ok()
    {
        std::process::exit(0);
    }
}

fn main() {}
