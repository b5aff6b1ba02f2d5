//! attacks: lazy_call
//! expects: crashed
//! needs: confinement
//! stopped by: report-needed, limits-file-size
//!
//! Ends by a signal for which the kernel may keep all of its memory: on some machines it hands that to a program outside of
//! any wall.

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
    let mut held = vec![0_u8; 64 << 20];
    held.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
    room.post(format!("hi, {}", held[name.len()]));
    std::process::abort();
}

fn main() {}
