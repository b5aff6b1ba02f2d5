//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! Calls an unsafe function inside of macros of tokio and of the standard library, which use unsafe blocks of
//! their own.

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
    tokio::pin! {
        let first = std::hint::unreachable_unchecked();
    }
    tokio::join!(std::hint::unreachable_unchecked());
    tokio::select! {
        () = std::hint::unreachable_unchecked() => {}
    }
    std::thread_local!(static SECOND: () = std::hint::unreachable_unchecked());
}

fn main() {}
