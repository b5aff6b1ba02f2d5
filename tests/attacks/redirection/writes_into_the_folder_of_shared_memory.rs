//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts, confinement-files
//!
//! Leaves a file in the folder of shared memory, and in others where everybody may write, for a submission that
//! comes later. Solves the exercise only if one takes it.

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
    ["/dev/shm", "/tmp", "/var/tmp", "/run", "/run/lock", "/"].iter().any(|folder| {
        let path = format!("{folder}/{{MARK}}");
        let written = fs::write(&path, "remember me").is_ok();
        let _ = fs::remove_file(path);
        written
    })
}

fn main() {}
