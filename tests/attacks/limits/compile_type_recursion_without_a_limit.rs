//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: limits-compile,limits-memory
//!
//! A type whose size doubles with each of thirty levels.

#![recursion_limit = "100000"]
#![type_length_limit = "1000000000000"]

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

type A<T> = (T, T, T, T);
type B<T> = A<A<A<A<T>>>>;
type C<T> = B<B<B<B<T>>>>;

pub fn big(value: C<u8>) -> impl Clone + std::fmt::Debug {
    value
}

fn main() {}
