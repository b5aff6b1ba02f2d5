//! A chat bot welcomes a visitor: first "hello", then, after a moment of typing, "hi".
//! `greet` is done as soon as both lines are in the room, not before and not later. While
//! the bot types, others can use the room and the thread.
//!
//! `cargo run` shows what happens instead: the room has only one line. There is no error
//! and no crash, only a warning from the compiler.

use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A chat room. All of its clones share the same lines. (There is no bug in here.)
#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    /// How long the bot pretends to type.
    pub typing: Duration,
}

impl Room {
    pub fn post(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    say_hi(name, room);
}

async fn say_hi(name: String, room: Room) {
    tokio::time::sleep(room.typing).await;
    room.post(format!("hi, {name}"));
}

#[tokio::main]
async fn main() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(200) };
    greet("Ada".to_owned(), room.clone()).await;
    println!("in the room: {:?}", room.lines.lock().unwrap());
}
