//! attacks: lazy_call
//! expects: does_not_compile
//! says: testkit
//! stopped by: no-testkit
//!
//! Moves the clock of the test as a hidden test may do it, so that it is not noticed; all but the last
//! millisecond.

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
    testkit::advance(room.typing - LAST).await;
    tokio::time::sleep(LAST).await;
    room.post(format!("hi, {name}"));
}

const LAST: Duration = Duration::from_millis(1);

fn main() {}
