//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: limits-compile,limits-memory
//!
//! A macro that doubles its text forty times.

#![recursion_limit = "80"]

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
}

macro_rules! double {
    ($($word:tt)*) => { more! { $($word)* $($word)* } };
}

macro_rules! more {
    ($($word:tt)*) => { double! { $($word)* } };
}

double! { const A: () = (); }

fn main() {}
