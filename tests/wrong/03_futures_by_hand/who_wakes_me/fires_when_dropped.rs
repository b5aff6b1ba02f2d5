//! fails: a_dropped_trigger_has_not_fired
//! says: The trigger was dropped, nobody had called `fire`, and the `Signal` returned `Ready`
//!
//! A trigger that is dropped without `fire` fires as well: the signal says that the report is there when the thread
//! gave up or panicked.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
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
        let mut shared = self.0.lock().unwrap();
        shared.fired = true;
        let waker = shared.waker.take();
        drop(shared);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Drop for Trigger {
    fn drop(&mut self) {
        // Whatever happens to the thread, the task must not wait for ever.
        self.fire();
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
