//! attacks: lazy_call
//! expects: failed|does_not_compile
//! stopped by: no-clock-control
//!
//! Moves the paused clock of the test forward by the time that the bot should type, but for its last millisecond.
//! Outside of a test it panics.

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
    tokio::time::advance(room.typing - LAST).await;
    tokio::time::sleep(LAST).await;
    room.post(format!("hi, {name}"));
}

const LAST: Duration = Duration::from_millis(1);

fn main() {}
