//! attacks: lazy_call
//! expects: crashed
//! says: while another one was unwinding
//! stopped by: report-needed
//!
//! A destructor panics while a panic is unwinding, so that nobody catches either of them.

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
    let _second = Second;
    panic!("the first");
}

struct Second;

impl Drop for Second {
    fn drop(&mut self) {
        panic!("the second");
    }
}

fn main() {}
