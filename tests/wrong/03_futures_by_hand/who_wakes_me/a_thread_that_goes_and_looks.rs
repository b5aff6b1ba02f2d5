//! fails: no_event_no_wake
//! says: a waker of their task is still kept
//!
//! A further thread looks every 5 ms, and for ever if the trigger never fires.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
    waker: Option<Waker>,
    watched: bool,
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
        self.0.lock().unwrap().fired = true;
    }
}

impl Future for Signal {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = self.0.lock().unwrap();
        if shared.fired {
            return Poll::Ready(());
        }
        shared.waker = Some(cx.waker().clone());
        if !shared.watched {
            shared.watched = true;
            let watched = self.0.clone();
            // Looks again from time to time, so that the task need not.
            std::thread::spawn(move || {
                loop {
                    std::thread::sleep(Duration::from_millis(5));
                    let mut shared = watched.lock().unwrap();
                    if shared.fired {
                        if let Some(waker) = shared.waker.take() {
                            waker.wake();
                        }
                        break;
                    }
                }
            });
        }
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
