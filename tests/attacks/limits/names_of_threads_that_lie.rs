//! attacks: lazy_call
//! expects: hung
//! says: Hangs busy
//! stopped by: limits-time, sanitise
//!
//! Threads whose names look like what the kernel says of a process that sleeps: the grader reads whether it spins there.

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
    for lie in ["x) S 1 1 1", "a (b) Z 0 0", "\u{1b}[2Jz) D 2"] {
        let spinning = || {
            loop {
                std::hint::spin_loop();
            }
        };
        let _ = std::thread::Builder::new().name(lie.to_owned()).spawn(spinning);
    }
    std::thread::sleep(Duration::from_secs(3600));
    room.post(format!("hi, {name}"));
}

fn main() {}
