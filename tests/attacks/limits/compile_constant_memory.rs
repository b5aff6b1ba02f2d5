//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: limits-memory,limits-file-size
//!
//! A constant of four gigabytes. Without a limit the compiler tries to hold it.

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

pub static HUGE: [u64; 512 << 20] = {
    let mut all = [1; 512 << 20];
    all[7] = 7;
    all
};

fn main() {}
