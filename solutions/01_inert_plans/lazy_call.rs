//! A chat bot welcomes a visitor: first "hello", then, after a moment of typing, "hi".
//!
//! Why the starter never said "hi": calling an `async fn` runs no line of its body. The call only packs the
//! arguments into a future and returns it. The starter dropped that future at the semicolon. `.await` runs the
//! future, and `greet` goes on when the work is done.
//!
//! Spawning the future and awaiting the handle works too. Spawning alone does not: the work starts, but `greet`
//! is done before it. And `let _ = say_hi(..)` fixes nothing: it only hides the warning, which was the one sign
//! that something was missing.

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
    // `greet` is a future as well: `main` awaits it, and through it the runtime polls `say_hi`.
    say_hi(name, room).await;
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
