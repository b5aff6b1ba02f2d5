//! attacks: lazy_call
//! expects: failed
//! says: Read-only file system
//! needs: confinement
//! stopped by: confinement-files
//!
//! Writes a file beside its own scratch folder, where the compiled tests are. Solves the exercise only if that
//! works.

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
    let path = std::env::current_dir().unwrap_or_default().join("../attack");
    let reached = std::fs::write(&path, "attack").inspect_err(|error| eprintln!("{error}")).is_ok();
    let _ = std::fs::remove_file(path);
    reached
}

fn main() {}
