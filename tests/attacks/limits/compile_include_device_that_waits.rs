//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: confinement-files,limits-compile
//!
//! Embeds a device that never has anything to say.

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

pub const WAITING: &str = include_str!("/dev/tty");
pub const NOTHING: &str = include_str!("/proc/kmsg");

fn main() {}
