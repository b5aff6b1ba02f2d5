//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-mounts, confinement-files
//!
//! Links the compiled tests and a file of the home folder into its own folder, where it may do as it likes with
//! them. Solves the exercise only if one of them can be linked.

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
    let program = std::env::args().next().unwrap_or_default();
    fs::hard_link(program, "linked").is_ok() || fs::hard_link("{{HOME_FILE}}", "linked").is_ok()
}

fn main() {}
