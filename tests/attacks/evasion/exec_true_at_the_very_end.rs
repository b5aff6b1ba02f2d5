//! attacks: lazy_call
//! expects: failed
//! stopped by: report-needed
//!
//! Lets the test fail, and turns the exit code into 0 behind the report: a destructor becomes `true`.

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
    LEAVING.with(|_| ());
}

struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        let _ = Command::new("true").exec();
    }
}

thread_local!(static LEAVING: Leaving = const { Leaving });

fn main() {}
