//! fails: every_visitor_is_greeted
//! says: A visitor came after others, and was not welcomed like the first one

// Waits for its own task only if no line of the same text is in the room yet: a second visitor of that name leaves early.

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
    let hi = format!("hi, {name}");
    let lines = room.lines.clone();
    let task = tokio::spawn(say_hi(name, room));
    if !lines.lock().unwrap().contains(&hi) {
        task.await.expect("say_hi does not panic");
    }
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
