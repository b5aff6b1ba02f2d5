//! attacks: lazy_call
//! expects: failed
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Reads the solution at run time. Solves the exercise only if that works.

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
    std::fs::read("{{ROOT}}/solutions/01_inert_plans/lazy_call.rs")
        .inspect_err(|error| eprintln!("{error}"))
        .is_ok()
}

fn main() {}
