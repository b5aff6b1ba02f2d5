//! attacks: lazy_call
//! expects: crashed
//! stopped by: exit-code
//!
//! Does everything as it should be, and aborts when the test has reported that and its thread ends: a program that
//! crashes each time does not pass.

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
    LEAVING.with(|_| ());
    room.post(format!("hello, {name}"));
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

struct Leaving;

impl Drop for Leaving {
    fn drop(&mut self) {
        std::process::abort();
    }
}

thread_local!(static LEAVING: Leaving = const { Leaving });

fn main() {}
