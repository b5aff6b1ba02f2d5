//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: limits-compile
//!
//! A search for an implementation that never ends.

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

pub trait Deeper {
    const DEPTH: usize;
}

impl<T> Deeper for T
where
    (T, T): Deeper,
{
    const DEPTH: usize = <(T, T)>::DEPTH + 1;
}

pub const DEPTH: usize = <u8 as Deeper>::DEPTH;

fn main() {}
