//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes,confinement-exec
//!
//! Runs the compiler from within, on a text that includes the solution. Solves the exercise only if that works.

use std::process::Command;
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
    let text = "const SOLUTION: &str = include_str!(\"{{ROOT}}/solutions/01_inert_plans/lazy_call.rs\"); fn main() {}";
    let _ = std::fs::write("own.rs", text);
    Command::new("rustc")
        .args(["--emit=metadata", "own.rs"])
        .env("HOME", "{{HOME}}")
        .status()
        .is_ok_and(|status| status.success())
}

fn main() {}
