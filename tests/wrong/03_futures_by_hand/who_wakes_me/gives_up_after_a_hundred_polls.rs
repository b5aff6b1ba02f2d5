//! fails: a_poll_in_between_changes_nothing
//! says: and its `Trigger` has not fired. A task may be polled for other reasons

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
    /// Whom to wake: the task that was told `Pending`.
    waker: Option<Waker>,
    polls: u32,
}

/// The thread's half.
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
        shared.polls += 1;
        // Nobody waits for ever.
        if shared.fired || shared.polls > 100 {
            return Poll::Ready(());
        }
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
