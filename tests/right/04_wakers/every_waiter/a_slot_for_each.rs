//! Each waiter shares a slot with the event, which holds the list of slots.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// Clones are the same event.
#[derive(Clone, Default)]
pub struct Event(Arc<Mutex<State>>);

type Slot = Arc<Mutex<Option<Waker>>>;

#[derive(Default)]
struct State {
    is_set: bool,
    slots: Vec<Slot>,
}

impl Event {
    pub fn set(&self) {
        let slots = {
            let mut state = self.0.lock().unwrap();
            state.is_set = true;
            std::mem::take(&mut state.slots)
        };
        for slot in slots {
            let waker = slot.lock().unwrap().take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }

    /// A future that is done when the event has happened.
    pub fn wait(&self) -> Waiting {
        let slot = Slot::default();
        self.0.lock().unwrap().slots.push(slot.clone());
        Waiting { event: self.clone(), slot }
    }
}

pub struct Waiting {
    event: Event,
    slot: Slot,
}

impl Future for Waiting {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let state = self.event.0.lock().unwrap();
        if state.is_set {
            return Poll::Ready(());
        }
        *self.slot.lock().unwrap() = Some(context.waker().clone());
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
