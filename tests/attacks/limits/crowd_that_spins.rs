//! attacks: lazy_call
//! expects: hung
//! needs: confinement
//! stopped by: limits-threads, limits-time, confinement-processes
//!
//! Six hundred threads that spin. Without a session of its own a crowd has the cores, thread by thread, and right answers
//! beside it do not even compile in time.

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
    for _ in 0..600 {
        let spinning = || {
            loop {
                std::hint::spin_loop();
            }
        };
        let _ = std::thread::Builder::new().stack_size(16 * 1024).spawn(spinning);
    }
    loop {
        std::hint::spin_loop();
    }
}

fn main() {}
