//! attacks: lazy_call
//! expects: does_not_compile
//! says: unsafe
//! stopped by: unsafe-forbidden
//!
//! The same attribute, put together by a macro.

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
    attack();
}

macro_rules! naked {
    ($attribute:meta, $name:ident) => {
        #[$attribute]
        pub extern "C" fn $name() {
            std::arch::naked_asm!("ret")
        }
    };
}

naked!(unsafe(naked), attack);

fn main() {}
