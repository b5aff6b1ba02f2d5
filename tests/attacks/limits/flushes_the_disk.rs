//! attacks: lazy_call
//! expects: hung
//! needs: confinement
//! stopped by: limits-time
//!
//! Sixty threads ask the kernel to write a library to the disk, again and again: others wait for the same disk.

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
    let flush = || {
        loop {
            for library in ["/lib/x86_64-linux-gnu/libc.so.6", "/lib64/libc.so.6"] {
                let _ = File::open(library).and_then(|file| file.sync_all());
            }
        }
    };
    for _ in 0..60 {
        let _ = std::thread::Builder::new().stack_size(64 * 1024).spawn(flush);
    }
    flush()
}

fn main() {}
