//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Makes the socket non-blocking and fills it to the brim, so that the true report finds no room.

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
    let mut grader = grader();
    let _ = grader.set_nonblocking(true);
    let _ = grader.set_write_timeout(Some(Duration::from_millis(1)));
    for _ in 0..1024 {
        let _ = grader.write(&[b'x'; 4096]);
    }
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
