//! fails: the_room_says_how_long_the_bot_types
//! says: `greet` was done after 0 ms of the runtime's time
//!
//! `thread::sleep` holds the thread while the bot types.

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
    say_hi(name, room).await;
}

async fn say_hi(name: String, room: Room) {
    std::thread::sleep(room.typing);
    room.post(format!("hi, {name}"));
}

#[tokio::main]
async fn main() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(200) };
    greet("Ada".to_owned(), room.clone()).await;
    println!("in the room: {:?}", room.lines.lock().unwrap());
}
