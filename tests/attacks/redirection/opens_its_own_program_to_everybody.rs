//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts, confinement-calls
//!
//! Makes the compiled tests readable, which the grader has taken care that they are not, and looks for the texts
//! of the hidden tests in them. Solves the exercise only if it can read them.

use std::fs;
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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    let program = std::env::args().next().unwrap_or_default();
    let _ = fs::set_permissions(&program, fs::Permissions::from_mode(0o555));
    fs::read(program).is_ok()
}

fn main() {}
