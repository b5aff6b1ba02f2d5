//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts, confinement-files
//!
//! Looks for what tells one machine from another: its name, its users, its mounts. Solves the exercise only if it
//! finds one of them.

use std::fs;
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
    ["/etc/hostname", "/etc/machine-id", "/etc/passwd", "/proc/mounts", "/sys/class/dmi/id/product_name"]
        .iter()
        .any(|file| fs::read(file).is_ok())
}

fn main() {}
