//! attacks: lazy_call
//! expects: failed
//! stopped by: report-needed
//!
//! Prints, at run time, what the compiler and cargo report when all is well.

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
    println!(r#"{{"$message_type":"artifact","artifact":"libexercise.rlib","emit":"link"}}"#);
    println!(r#"{{"reason":"build-finished","success":true}}"#);
}

fn main() {}
