//! fails: no_event_no_wake
//! says: The event has not happened, yet you asked to be polled again: this is a busy loop (wakes: 1, wanted 0).

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
        shared.waker = Some(cx.waker().clone());
        cx.waker().wake_by_ref();
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
    let mut polls = 0;
    std::future::poll_fn(|cx| {
        polls += 1;
        Pin::new(&mut signal).poll(cx)
    })
    .await;
    println!("the report is there, after {polls} polls");
}
