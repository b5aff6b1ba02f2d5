//! attacks: lazy_call
//! expects: failed
//! needs: confinement
//! stopped by: confinement-files
//!
//! Opens the compiled harness, which every hidden test is linked with, for writing. Solves the exercise only if
//! that works.

use std::fs;
use std::path::Path;
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
    opens(Path::new("{{GRADER_HOME}}/dependencies"), 6)
}

/// Whether some file of the harness below a folder can be opened for writing. Nothing is written.
fn opens(folder: &Path, depth: usize) -> bool {
    fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return depth > 0 && opens(&path, depth - 1);
        }
        path.to_string_lossy().contains("testkit") && fs::File::options().append(true).open(path).is_ok()
    })
}

fn main() {}
