//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! hides: a second life
//! stopped by: confinement-calls
//!
//! Becomes the compiled tests once more, with an order of its own on the standard input: a second life, whose key
//! it would know.

use std::os::unix::process::CommandExt;
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
    let program = std::env::args().next().unwrap_or_default();
    if std::env::var_os("LIFE").is_some() {
        eprintln!("a second life");
    }
    let error = Command::new(program).env("LIFE", "2").exec();
    eprintln!("{error}");
    false
}

fn main() {}
