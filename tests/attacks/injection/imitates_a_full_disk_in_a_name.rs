//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: fault-needs-no-code
//!
//! Puts the words of a broken machine into names of files, crates, variables and lints.

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

const A: &str = include_str!("No space left on device");
const B: &str = env!("Disk quota exceeded");

#[path = "Read-only file system.rs"]
mod c;

#[path = "/proc/1/Permission denied"]
mod d;

fn main() {}
