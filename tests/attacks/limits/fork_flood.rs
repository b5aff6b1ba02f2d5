//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes,confinement-exec
//!
//! Starts a thousand processes in each test. Solves the exercise only if it gets them.

use std::process::{Command, Stdio};
use std::sync::OnceLock;
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

/// Tried once, however often it is asked.
static REACHED: OnceLock<bool> = OnceLock::new();

fn reached() -> bool {
    let start = |_| Command::new("sleep").arg("60").stdin(Stdio::null()).spawn().is_ok();
    *REACHED.get_or_init(|| (0..1000).all(start))
}

fn main() {}
