//! attacks: lazy_call
//! expects: crashed
//! stopped by: key
//!
//! Writes frames with keys that a careless program would draw into the harness's own socket, and leaves.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::time::{SystemTime, UNIX_EPOCH};

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
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut keys =
        vec![String::new(), " ".repeat(32), "0".repeat(32), "f".repeat(32), "hi_is_heard".to_owned()];
    keys.push(format!("{:032x}", std::process::id()));
    keys.push(format!("{:032x}", std::os::unix::process::parent_id()));
    keys.extend(
        [now.as_nanos(), now.as_micros(), now.as_millis(), now.as_secs().into()].map(|n| format!("{n:032x}")),
    );
    let mut grader = grader();
    for key in keys {
        let _ = grader.write_all(format!("{key} passed\n{key}\tpassed\npassed {key}\n").as_bytes());
    }
    std::process::exit(0);
}

/// The other end of the test's socket.
fn grader() -> UnixStream {
    std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into()
}

fn main() {}
