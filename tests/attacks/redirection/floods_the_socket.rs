//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Floods the socket from another thread, so that the true report is lost in it.

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
    std::thread::spawn(|| {
        let mut grader = grader();
        let block = [b'x'; 64 * 1024];
        // Bounded, should the grader ever wait for its end.
        for _ in 0..16 * 1024 {
            let _ = grader.write_all(&block);
        }
    });
    std::thread::sleep(Duration::from_millis(50));
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
