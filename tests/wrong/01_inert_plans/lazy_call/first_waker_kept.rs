//! fails: greet_goes_on_in_another_task
//! says: was not woken

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
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
    let mut hi = pin!(say_hi(name, room));
    let mut waker: Option<Waker> = None;
    poll_fn(|cx| {
        let waker = waker.get_or_insert_with(|| cx.waker().clone());
        hi.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await;
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
