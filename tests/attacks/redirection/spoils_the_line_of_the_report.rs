//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Writes half a line, so that the true report becomes the rest of it.

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
    let _ = grader().write_all(b"nobody will read this: ");
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
