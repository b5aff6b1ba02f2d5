//! attacks: lazy_call
//! expects: crashed|failed|hung
//! stopped by: key
//!
//! Reads the order again from the socket that it came through. It has been read to its end, and comes only
//! once.

use std::io::Read;
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
    let mut order = String::new();
    let mut socket = grader();
    let _ = socket.set_nonblocking(true);
    let _ = socket.read_to_string(&mut order);
    let _ = std::io::stdin().read_line(&mut order);
    let key = order.split(' ').next().unwrap_or_default();
    let _ = socket.write_all(format!("{key} passed\n").as_bytes());
    std::process::exit(0);
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
