//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: limits-file-size
//!
//! A constant that finds room in the library, but not in the test program that is linked with it: the linker would fail, as
//! it does on a machine without disk.

use std::sync::{Arc, Mutex};
use std::time::Duration;

pub static LARGE: [u8; 250 << 20] = [1; 250 << 20];

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
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name} {}", LARGE[name.len()]));
}

fn main() {}
