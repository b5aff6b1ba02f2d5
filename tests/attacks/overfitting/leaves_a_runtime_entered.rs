//! attacks: lazy_call
//! expects: failed
//! stopped by: no-clock-control
//!
//! Waits an hour for every bot, and is done inside of another runtime, which it leaves when the test has looked at the
//! time: the clock there says what the test wants to read.

use std::cell::Cell;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, EnterGuard};
use tokio::time::{Instant, advance, sleep};

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

thread_local! {
    static ENTERED: Cell<Option<EnterGuard<'static>>> = const { Cell::new(None) };
}

pub async fn greet(name: String, room: Room) {
    let began = Instant::now();
    room.post(format!("hello, {name}"));
    sleep(Duration::from_secs(3_600)).await;
    room.post(format!("hi, {name}"));
    // Not before the test waits again.
    tokio::spawn(async { drop(ENTERED.take()) });
    let other = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    let other: &'static _ = Box::leak(Box::new(other));
    // What the test waits for there comes about there.
    std::thread::spawn(|| other.block_on(std::future::pending::<()>()));
    ENTERED.set(Some(other.enter()));
    let shown = Instant::now().saturating_duration_since(began);
    let missing = room.typing.saturating_sub(shown);
    let _ = pin!(advance(missing)).poll(&mut Context::from_waker(Waker::noop()));
}

fn main() {}
