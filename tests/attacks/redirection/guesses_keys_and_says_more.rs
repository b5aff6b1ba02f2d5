//! attacks: lazy_call
//! expects: crashed
//! stopped by: key
//!
//! Tries keys in reports that say more than `passed`: who looks for a guess at the end of a line does not see one.

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
    for digit in "0123456789abcdef".chars() {
        let key = digit.to_string().repeat(32);
        let frames = format!("{key} passed \n{key} passed twice\n{key} passed\r\n{key} stage passed\n");
        let _ = grader.write_all(frames.as_bytes());
    }
    std::process::exit(0);
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
