//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-proc, key-out-of-reach
//!
//! Looks for descriptors that it was not given, and for a terminal. Solves the exercise only if it finds any.

use std::fs::File;
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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    let by_number = |number| ["/dev/fd", "/proc/self/fd"].map(|folder| format!("{folder}/{number}"));
    let terminals = ["/dev/tty", "/dev/console", "/dev/pts/0", "/dev/ptmx", "/dev/stdin"].map(str::to_owned);
    (0..1024).flat_map(by_number).chain(terminals).any(|path| File::open(path).is_ok())
}

fn main() {}
