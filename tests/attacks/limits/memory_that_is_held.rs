//! attacks: lazy_call
//! expects: hung|crashed|failed
//! needs: confinement
//! stopped by: limits-memory, limits-time
//!
//! Touches 256 MiB and sleeps: one that sleeps gives its turn away, so many of these lie in memory at once. When memory runs
//! out, the kernel ends them before the grader.

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
    let mut held = vec![0_u8; 256 << 20];
    held.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
    std::thread::sleep(Duration::from_secs(3600));
    room.post(format!("hi, {}", held[name.len()]));
}

fn main() {}
