//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: limits-threads
//!
//! Starts ten thousand threads that need next to no memory, and holds them, so that nobody else gets one. Solves
//! the exercise only if it gets them.

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
    let start = |_| {
        let thread = std::thread::Builder::new().stack_size(16 * 1024);
        thread.spawn(|| std::thread::sleep(Duration::from_secs(3600))).is_ok()
    };
    *REACHED.get_or_init(|| (0..10_000).all(start))
}

fn main() {}
