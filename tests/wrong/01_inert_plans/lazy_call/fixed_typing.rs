//! fails: the_room_says_how_long_the_bot_types
//! says: and just as long for one that types for
//!
//! The time is the one that stands in `main`.

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
    room.post(format!("hello, {name}"));
    tokio::time::sleep(Duration::from_millis(200)).await;
    room.post(format!("hi, {name}"));
}

#[tokio::main]
async fn main() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(200) };
    greet("Ada".to_owned(), room.clone()).await;
    println!("in the room: {:?}", room.lines.lock().unwrap());
}
