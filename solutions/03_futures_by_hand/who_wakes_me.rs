//! The task awaits the `Signal`; the thread calls `fire`, and that wakes the task.
//!
//! The starter woke its own task in every poll. That is a request to be polled again at once, so the engine polled it
//! again at once, a million times and more for one event. Asking in a circle whether something has happened is what
//! wakers are there to avoid: a future that has to wait leaves its waker with whoever will know, and does nothing. Here
//! `fire` will know, so the waker lies next to the flag, where `fire` finds it.
//!
//! Flag and waker are behind one lock. So `fire` cannot slip in between the look at the flag and the storing of the
//! waker: it comes before both, and the poll is ready, or after both, and finds the waker.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
    /// Whom to wake: the task that was told `Pending`.
    waker: Option<Waker>,
}

/// The thread's half. When it is dropped without `fire`, it has not fired.
pub struct Trigger(Arc<Mutex<Shared>>);

/// The task's half: a future that is ready once the trigger has fired. One task at a time awaits it.
pub struct Signal(Arc<Mutex<Shared>>);

pub fn signal() -> (Trigger, Signal) {
    let shared = Arc::new(Mutex::new(Shared::default()));
    (Trigger(shared.clone()), Signal(shared))
}

impl Trigger {
    pub fn fire(&self) {
        let waker = {
            let mut shared = self.0.lock().unwrap();
            shared.fired = true;
            shared.waker.take()
        };
        // Perhaps nobody waits yet: then the first poll sees the flag. The lock is free again at this point, so whoever
        // is woken can look at the flag at once.
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Future for Signal {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.0.lock().unwrap();
        if shared.fired {
            return Poll::Ready(());
        }
        // The waker in `cx` is only lent for this poll, so keep a copy. The newest one replaces the one before.
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

#[tokio::main]
async fn main() {
    let (trigger, mut signal) = signal();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        trigger.fire();
    });
    // `poll_fn` makes a future of a closure, which stands in for `poll`. This one counts how often it is called.
    let mut polls = 0;
    std::future::poll_fn(|cx| {
        polls += 1;
        Pin::new(&mut signal).poll(cx)
    })
    .await;
    println!("the report is there, after {polls} polls");
}
