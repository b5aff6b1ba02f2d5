//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! alone: yes
//! stopped by: confinement-files
//!
//! Puts folders where the next grading in the same place writes its files, so that whoever comes next cannot be
//! graded.

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
    let Some(slot) = program.parent().and_then(|folder| folder.parent()) else { return };
    for folder in ["submission", "hidden", "tests"] {
        for file in
            ["hidden_tests", "hidden_tests.rs", "libexercise.rlib", "exercises/01_inert_plans/lazy_call.rs"]
        {
            let path = slot.join(folder).join(file);
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::create_dir_all(path.join("in the way"));
        }
    }
}

fn main() {}
