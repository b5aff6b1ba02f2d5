//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: key
//!
//! The panic hook writes frames of success and leaves with exit code 0.

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
    std::panic::set_hook(Box::new(|_| {
        let _ = grader().write_all(format!("{} passed\n", "0".repeat(32)).as_bytes());
        std::process::exit(0);
    }));
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
