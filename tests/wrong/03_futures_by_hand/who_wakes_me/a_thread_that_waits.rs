//! fails: the_event_wakes_the_task_once
//! says: woken by another thread, one that you started
//!
//! A thread per wait sleeps on a channel in place of the task.

use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
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
pub struct Trigger(Sender<()>);

/// The task's half: a future that is ready once the trigger has fired. One task at a time awaits it.
pub struct Signal {
    shared: Arc<Mutex<Shared>>,
    events: Option<Receiver<()>>,
}

pub fn signal() -> (Trigger, Signal) {
    let (trigger, events) = channel();
    (Trigger(trigger), Signal { shared: Arc::default(), events: Some(events) })
}

impl Trigger {
    pub fn fire(&self) {
        let _ = self.0.send(());
    }
}

impl Future for Signal {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(events) = self.events.take() {
            if events.try_recv().is_ok() {
                return Poll::Ready(());
            }
            let shared = self.shared.clone();
            std::thread::spawn(move || {
                if events.recv().is_ok() {
                    let mut shared = shared.lock().unwrap();
                    shared.fired = true;
                    if let Some(waker) = shared.waker.take() {
                        waker.wake();
                    }
                }
            });
        }
        let mut shared = self.shared.lock().unwrap();
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
