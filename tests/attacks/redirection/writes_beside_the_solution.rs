//! attacks: lazy_call
//! expects: failed
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Writes files beside the solutions and beside the hidden tests. Solves the exercise only if it can.

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
    ["{{ROOT}}/solutions/01_inert_plans", "{{ROOT}}/tests/hidden/01_inert_plans"].iter().any(|folder| {
        let path = std::path::Path::new(folder).join(".attack");
        let reached = std::fs::write(&path, "attack").inspect_err(|error| eprintln!("{error}")).is_ok();
        let _ = std::fs::remove_file(path);
        reached
    })
}

fn main() {}
