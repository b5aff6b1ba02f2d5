//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Puts a function among those that run before `main`, where the key has not been read.

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
}

#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE: extern "C" fn() = before;

extern "C" fn before() {
    std::process::exit(0);
}

fn main() {}
