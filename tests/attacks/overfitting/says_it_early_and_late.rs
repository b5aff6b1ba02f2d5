//! attacks: lazy_call
//! expects: failed
//! says: was said 2 times
//! stopped by: exact-counts
//!
//! Says "hi" at once and again later, so that one of the two is right whatever is looked at.

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
    room.post(format!("hi, {name}"));
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

fn main() {}
