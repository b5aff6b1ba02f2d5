//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: limits-memory
//!
//! Allocates four gigabytes, and then writes into each page. Solves the exercise only if it gets them.

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
    let mut blocks: Vec<Vec<u8>> = vec![Vec::new(); 64];
    if blocks.iter_mut().any(|block| block.try_reserve_exact(64 << 20).is_err()) {
        return false;
    }
    // The system gives memory only to those who write into it.
    for block in &mut blocks {
        block.extend_from_slice(&[1; 1 << 16]);
        while block.len() < 64 << 20 {
            block.extend_from_within(..);
        }
    }
    std::hint::black_box(&blocks).len() == 64
}

fn main() {}
