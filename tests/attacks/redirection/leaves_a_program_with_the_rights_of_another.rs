//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-calls, confinement-mounts
//!
//! Sets the set-user-ID bit of its own program, and of a file that it wrote: whoever starts them later gets the
//! rights of the grader. Solves the exercise only if one of them has it.

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
    let _ = fs::write("program", "");
    [program.as_str(), "program"].iter().any(|file| {
        let _ = fs::set_permissions(file, fs::Permissions::from_mode(0o4111));
        fs::metadata(file).is_ok_and(|data| data.permissions().mode() & 0o4000 != 0)
    })
}

fn main() {}
