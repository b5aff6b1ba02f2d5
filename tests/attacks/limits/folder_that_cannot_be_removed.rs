//! attacks: lazy_call
//! expects: failed
//! stopped by: clean-up
//!
//! Takes the rights to its own scratch folder away, so that it cannot be removed.

use std::os::unix::fs::PermissionsExt;
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
    let _ = std::fs::create_dir_all("a/b");
    let _ = std::fs::write("a/b/c", "in the way");
    for folder in ["a/b", "a", "."] {
        let _ = std::fs::set_permissions(folder, PermissionsExt::from_mode(0o000));
    }
}

fn main() {}
