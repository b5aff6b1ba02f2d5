//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts
//!
//! Sets the mode of a file of the home folder, to the one that it has: no rule of Landlock forbids that. Solves
//! the exercise only if it may.

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
    let file = "{{HOME_FILE}}";
    fs::metadata(file).is_ok_and(|data| fs::set_permissions(file, data.permissions()).is_ok())
}

fn main() {}
