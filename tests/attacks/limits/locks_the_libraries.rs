//! attacks: lazy_call
//! expects: failed
//! says: locked
//! needs: confinement
//! alone: locks files that all programs use
//! stopped by: clean-up
//!
//! Locks every shared library of the machine: a lock needs no right to write. Nobody waits for one, and none outlives it.

use std::fs::{File, read_dir};
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
    let mut locked = Vec::new();
    for folder in ["/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/lib64", "/usr/lib"] {
        for entry in read_dir(folder).into_iter().flatten().flatten() {
            if let Ok(file) = File::open(entry.path())
                && file.try_lock().is_ok()
            {
                locked.push(file);
            }
        }
    }
    std::mem::forget(locked);
    panic!("locked");
}

fn main() {}
