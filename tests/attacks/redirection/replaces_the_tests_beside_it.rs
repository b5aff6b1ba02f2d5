//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! alone: yes
//! stopped by: confinement-files
//!
//! Replaces the compiled tests beside it with a forgery, for the tests that have not been started yet.

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
    // Without `/proc` a program does not know its own file, but it was started by its path.
    let program = std::env::args_os().next().map(std::path::PathBuf::from).unwrap_or_default();
    let forgery = program.with_file_name("forgery");
    if std::fs::write(&forgery, FORGERY).is_ok() {
        let _ = std::fs::set_permissions(&forgery, PermissionsExt::from_mode(0o755));
        let _ = std::fs::rename(forgery, program);
    }
}

/// What the grader starts in the place of the tests: it reads the order, key included, and reports success.
const FORGERY: &str = "#!/bin/sh\nread -r key name\necho \"$key passed\" >&0\nexit 0\n";

fn main() {}
