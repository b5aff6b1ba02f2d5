//! fails: greet_is_a_plan_too
//! says: Nobody awaited `greet`

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

pub fn greet(name: String, room: Room) -> impl Future<Output = ()> {
    let bot = std::thread::spawn(move || {
        room.post(format!("hello, {name}"));
        std::thread::sleep(room.typing);
        room.post(format!("hi, {name}"));
    });
    async move { bot.join().unwrap() }
}

#[tokio::main]
async fn main() {
    let room = Room { lines: Arc::default(), typing: Duration::from_millis(200) };
    greet("Ada".to_owned(), room.clone()).await;
    println!("in the room: {:?}", room.lines.lock().unwrap());
}
