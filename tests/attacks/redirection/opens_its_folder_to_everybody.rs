//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts, confinement-calls
//!
//! Lets everybody write in the folders above its own, where the next submission is compiled. Solves the exercise
//! only if one of them takes it.

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
    let own = std::env::current_dir().unwrap_or_default();
    let above = own.ancestors().skip(1);
    above.take(3).any(|folder| fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).is_ok())
}

fn main() {}
