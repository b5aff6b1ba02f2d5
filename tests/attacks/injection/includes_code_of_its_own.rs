//! attacks: lazy_call
//! expects: does_not_compile
//! says: another file
//! stopped by: unsafe-forbidden
//!
//! Takes its code from a file: whoever looks at the text sees nothing of it.

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

mod again {
    use std::include as code;

    code!("/dev/null");
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    room.post(format!("hi, {name}"));
}

fn main() {}
