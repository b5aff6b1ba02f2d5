//! attacks: lazy_call
//! expects: does_not_compile
//! stopped by: limits-file-size, limits-compile
//! needs: confinement
//!
//! A constant of 250 MiB in a method that is compiled where it is used: the library has nothing of it, the test program all.

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

impl Drop for Room {
    #[inline]
    fn drop(&mut self) {
        if TABLE[self.typing.subsec_nanos() as usize % 5] == 9 {
            self.lines.lock().unwrap().clear();
        }
    }
}

const TABLE: &[u8; 250 << 20] = &[1; 250 << 20];

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

fn main() {}
