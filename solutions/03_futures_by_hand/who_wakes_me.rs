//! The task awaits the `Signal`; the thread calls `fire`, and that wakes the task.
//!
//! The starter woke its own task in every poll. That asks the executor to poll it again at once, so it did: a million
//! times and more for one event. Wakers exist to avoid exactly this loop. A future that has to wait leaves its waker
//! with the code that will know about the event, and does nothing. Here `fire` will know, so the waker is next to the
//! flag, where `fire` finds it.
//!
//! Flag and waker are behind one lock. So `fire` cannot come between checking the flag and storing the waker. It
//! comes before both, and then the poll is ready, or after both, and then it finds the waker.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
    /// The waker of the task that got `Pending`.
    waker: Option<Waker>,
}

/// The thread's half. If it is dropped without a call of `fire`, it has not fired.
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
        // If nobody waits yet, the first poll will see the flag. The lock is free again at this point, so the task that
        // is woken can check the flag at once.
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
        // The waker in `cx` is borrowed for this poll only, so keep a clone. The newest one replaces the one before.
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
    // `poll_fn` makes a future from a closure, which acts as its `poll`. This one counts how often it is called.
    let mut polls = 0;
    std::future::poll_fn(|cx| {
        polls += 1;
        Pin::new(&mut signal).poll(cx)
    })
    .await;
    println!("the report is there, after {polls} polls");
}
