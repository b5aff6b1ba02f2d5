//! attacks: lazy_call
//! expects: hung
//! says: Hangs busy
//! needs: confinement
//! stopped by: limits-time, confinement-processes
//!
//! Sleeps until it has been seen asleep, and its turn on a core is for the next one. Then a hundred threads spin.

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
    std::thread::sleep(Duration::from_millis(1500));
    let spinning = || {
        loop {
            std::hint::spin_loop();
        }
    };
    for _ in 0..100 {
        let _ = std::thread::Builder::new().stack_size(16 * 1024).spawn(spinning);
    }
    spinning()
}

fn main() {}
