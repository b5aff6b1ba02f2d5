//! attacks: lazy_call
//! expects: failed
//! stopped by: key
//!
//! Reports success before the test can report anything else, without a key.

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
    let _ = grader().write_all(b"passed\n passed\n\n");
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
