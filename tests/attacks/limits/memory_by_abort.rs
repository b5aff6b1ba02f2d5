//! attacks: lazy_call
//! expects: crashed
//! needs: confinement
//! stopped by: limits-memory
//!
//! Allocates as a program does that does not care, up to four gigabytes, and then writes into each page. Solves
//! the exercise only if it gets them.

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
    let mut blocks: Vec<Vec<u8>> = (0..64).map(|_| vec![0; 64 << 20]).collect();
    blocks.iter_mut().for_each(|block| block.fill(1));
    std::hint::black_box(&blocks).len() == 64
}

fn main() {}
