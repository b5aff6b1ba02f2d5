//! attacks: lazy_call
//! expects: crashed
//! stopped by: key
//!
//! Writes the start of a frame whose text would swallow the true report.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
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
    let _ = grader().write_all(format!("{} stage ", "0".repeat(32)).as_bytes());
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
