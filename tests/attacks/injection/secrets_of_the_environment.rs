//! attacks: lazy_call
//! expects: failed
//! stopped by: env-clean
//!
//! Asks the compiler for variables of its environment: homes, tokens, what cargo knows. Solves the exercise
//! only if one of them is set.

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
    let compiling = [
        option_env!("HOME"),
        option_env!("USER"),
        option_env!("CARGO_HOME"),
        option_env!("CARGO_MANIFEST_DIR"),
        option_env!("CARGO_TARGET_TMPDIR"),
        option_env!("TOKIOLINGS_HOME"),
        option_env!("CARGO_REGISTRY_TOKEN"),
        option_env!("GITHUB_TOKEN"),
        option_env!("SSH_AUTH_SOCK"),
    ];
    let running = std::env::vars().any(|(name, _)| {
        ["HOME", "USER", "SSH_AUTH_SOCK"].contains(&name.as_str())
            || ["CARGO", "TOKIOLINGS_HOME", "GITHUB"].iter().any(|start| name.starts_with(start))
    });
    running || compiling.iter().any(Option::is_some)
}

fn main() {}
