//! attacks: lazy_call
//! expects: failed
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Marks exercises as done in the learner's folder. Solves the exercise only if it can write there.

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
    ["{{ROOT}}/exercises", "{{ROOT}}", "{{HOME}}"].iter().any(|folder| {
        let path = std::path::Path::new(folder).join(".attack-progress");
        let reached =
            std::fs::write(&path, "done = [\"lazy_call\"]").inspect_err(|error| eprintln!("{error}")).is_ok();
        let _ = std::fs::remove_file(path);
        reached
    })
}

fn main() {}
