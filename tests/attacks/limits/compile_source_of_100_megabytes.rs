//! attacks: lazy_call
//! expects: does_not_compile
//! says: at most
//! generate: big-source
//! stopped by: source-cap
//!
//! Solves the exercise in a file of 100 MB: the generator adds the rest as comments.

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
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

fn main() {}
