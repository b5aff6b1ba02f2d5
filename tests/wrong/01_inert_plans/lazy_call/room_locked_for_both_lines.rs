//! fails: hello_comes_before_the_typing
//! says: While the bot was typing, the room was locked
//!
//! The lock on the lines is held while the bot types.

use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A chat room. Clones of it show the same lines. (Nothing is wrong in here.)
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
    // Lock once for both lines, so that nobody posts in between.
    let mut lines = room.lines.lock().unwrap();
    lines.push(format!("hello, {name}"));
    say_hi(name, &mut lines, room.typing).await;
}

async fn say_hi(name: String, lines: &mut Vec<String>, typing: Duration) {
    tokio::time::sleep(typing).await;
    lines.push(format!("hi, {name}"));
}

#[tokio::main]
async fn main() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(200) };
    greet("Ada".to_owned(), room.clone()).await;
    println!("in the room: {:?}", room.lines.lock().unwrap());
}
