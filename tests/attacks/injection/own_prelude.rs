//! attacks: lazy_call
//! expects: failed
//! stopped by: separate-crates
//!
//! Exports a prelude of its own, with traits for every type.

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

pub mod prelude {
    pub trait Always {
        fn contains<T: ?Sized>(&self, _: &T) -> bool {
            true
        }
        fn is_empty(&self) -> bool {
            true
        }
        fn count(self) -> usize
        where
            Self: Sized,
        {
            1
        }
    }

    impl<T: ?Sized> Always for T {}
}

pub use prelude::Always;

fn main() {}
