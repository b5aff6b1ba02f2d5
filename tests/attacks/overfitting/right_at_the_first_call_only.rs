//! attacks: lazy_call
//! expects: failed
//! stopped by: repeated-calls
//!
//! Counts its calls and takes the trouble once.

use std::sync::atomic::{AtomicUsize, Ordering};
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
    if CALLS.fetch_add(1, Ordering::Relaxed) == 0 {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

static CALLS: AtomicUsize = AtomicUsize::new(0);

fn main() {}
