//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes
//!
//! Starts its own program, the only one that it may execute, as a second process. Solves the exercise only if
//! that works.

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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    let Ok(program) = std::env::current_exe() else { return false };
    // Without an order it ends at once.
    Command::new(program).stdin(Stdio::null()).stderr(Stdio::null()).spawn().is_ok()
}

fn main() {}
