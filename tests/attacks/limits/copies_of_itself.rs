//! attacks: lazy_call
//! expects: failed|crashed
//! needs: confinement
//! stopped by: confinement-processes,confinement-exec
//!
//! Starts its own program as a child that starts itself again, two hundred deep. Solves the exercise only if
//! the first can be started.

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
    if reached() {
        tokio::time::sleep(room.typing).await;
        room.post(format!("hi, {name}"));
    }
}

fn reached() -> bool {
    let own = "i=$((${i:-0} + 1)); export i; [ $i -gt 200 ] || sh -c \"$own\" & sleep 60";
    Command::new("sh").args(["-c", own]).env("own", own).stdin(Stdio::null()).spawn().is_ok()
}

fn main() {}
