//! fails: a_task_may_wait_twice
//! says: but one of the two is still `Pending`

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    is_set: bool,
    waiters: Vec<(Waker, Arc<AtomicBool>)>,
}

impl Event {
    pub fn set(&self) {
        let waiters = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            for (_, done) in &state.waiters {
                done.store(true, Ordering::SeqCst);
            }
            std::mem::take(&mut state.waiters)
        };
        for (waker, _) in waiters {
            waker.wake();
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        Waiting { event: self.clone(), waits: false, done: Arc::default() }
    }
}

pub struct Waiting {
    event: Event,
    waits: bool,
    /// Set with the event, for those who wait by then.
    done: Arc<AtomicBool>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut state = this.event.0.lock().unwrap();
        let late = state.is_set && !this.waits;
        if late || this.done.load(Ordering::SeqCst) {
            return Poll::Ready(());
        }
        this.waits = true;
        if !state.waiters.iter().any(|(kept, _)| kept.will_wake(context.waker())) {
            state.waiters.push((context.waker().clone(), this.done.clone()));
        }
        Poll::Pending
    }
}

#[tokio::main]
async fn main() {
    let shot = Event::default();
    for runner in 1..=3 {
        let shot = shot.wait();
        tokio::spawn(async move {
            shot.await;
            println!("runner {runner} runs");
        });
    }
    sleep(Duration::from_millis(100)).await;
    println!("bang!");
    shot.set();
    sleep(Duration::from_millis(100)).await;
}
