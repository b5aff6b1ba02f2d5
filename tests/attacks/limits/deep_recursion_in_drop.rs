//! attacks: lazy_call
//! expects: crashed
//! says: The stack overflowed
//! stopped by: report-needed
//!
//! Drops a list of a million boxes, one inside of the other.

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
    let mut list = List(None);
    for _ in 0..1_000_000 {
        list = List(Some(Box::new(list)));
    }
    drop(list);
}

struct List(#[expect(dead_code, reason = "only its depth counts")] Option<Box<List>>);

fn main() {}
