//! fails: no_event_no_wake
//! says: it is polled on a timer

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    fired: bool,
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
        if self.0.lock().unwrap().fired {
            return Poll::Ready(());
        }
        let waker = cx.waker().clone();
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(10));
            waker.wake();
        });
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
