//! attacks: lazy_call
//! expects: failed
//! stopped by: no-clock-control
//!
//! Waits an hour for every bot, and is done inside of another runtime, which it leaves when the test has looked at the
//! time: the clock there says what the test wants to read.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::{Builder, EnterGuard, Runtime};
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

pub fn greet(name: String, room: Room) -> Late {
    let typing = room.typing;
    let greeting = Box::pin(async move {
        room.post(format!("hello, {name}"));
        sleep(Duration::from_secs(3_600)).await;
        room.post(format!("hi, {name}"));
    });
    let other = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    Late { greeting, began: None, typing, other: Box::leak(Box::new(other)), entered: None }
}

pub struct Late {
    greeting: Pin<Box<dyn Future<Output = ()> + Send>>,
    began: Option<Instant>,
    typing: Duration,
    other: &'static Runtime,
    entered: Option<EnterGuard<'static>>,
}

impl Future for Late {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let began = *self.began.get_or_insert_with(Instant::now);
        if self.greeting.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        self.entered = Some(self.other.enter());
        let shown = Instant::now().saturating_duration_since(began);
        let missing = self.typing.saturating_sub(shown);
        let _ = pin!(advance(missing)).poll(&mut Context::from_waker(Waker::noop()));
        Poll::Ready(())
    }
}

fn main() {}
