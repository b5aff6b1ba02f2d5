//! attacks: lazy_call
//! expects: does_not_compile
//! says: E0152
//! stopped by: separate-crates
//!
//! Takes the place of the standard library's handling of panics.

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

#[panic_handler]
fn handle(_: &core::panic::PanicInfo<'_>) -> ! {
    std::process::exit(0)
}

fn main() {}
