//! attacks: lazy_call
//! expects: failed
//! says: No such file
//! needs: confinement
//! stopped by: confinement-files
//!
//! Reads the text of the tests that it is run by, which the grader keeps beside it. Solves the exercise only if
//! that works.

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
    let program = std::env::current_exe().unwrap_or_default();
    ["hidden_tests.rs", "../hidden_tests.rs", "../hidden/hidden_tests.rs"]
        .iter()
        .any(|path| std::fs::read(path).inspect_err(|error| eprintln!("{error}")).is_ok())
        || std::fs::read(program.with_extension("rs")).is_ok()
}

fn main() {}
