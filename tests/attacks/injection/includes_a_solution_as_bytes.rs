//! attacks: lazy_call
//! expects: does_not_compile
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Embeds the solution as bytes. Solves the exercise only if that works.

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

const SEEN: &[u8] = include_bytes!("{{ROOT}}/solutions/01_inert_plans/lazy_call.rs");

fn reached() -> bool {
    !SEEN.is_empty()
}

fn main() {}
