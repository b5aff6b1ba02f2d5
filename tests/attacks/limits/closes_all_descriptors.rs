//! attacks: lazy_call
//! expects: crashed|failed
//! stopped by: report-needed
//!
//! Closes what it has: the socket in both directions, and then every descriptor, in a shell that stays.

use std::net::Shutdown;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
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
    let grader: UnixStream =
        std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into();
    let _ = grader.shutdown(Shutdown::Both);
    let _ = Command::new("sh").args(["-c", "exec 0<&- 1>&- 2>&- 3>&- 4>&- 5>&- 6>&-; exec sleep 60"]).exec();
    // No shell: at least nobody hears of it.
    std::process::exit(0);
}

fn main() {}
