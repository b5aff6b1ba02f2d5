//! fails: a_wake_before_the_sleep_counts
//! says: while the thread was still awake

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Ends the sleep of a thread in `block_on`.
struct Alarm {
    sleeper: Thread,
    asleep: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        // No need to wake somebody who is up.
        if self.asleep.swap(false, Ordering::SeqCst) {
            self.sleeper.unpark();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm { sleeper: thread::current(), asleep: AtomicBool::new(false) });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => {
                alarm.asleep.store(true, Ordering::SeqCst);
                while alarm.asleep.load(Ordering::SeqCst) {
                    thread::park();
                }
            }
        }
    }
}

/// A guest waits for the cook's bell. (Nothing is wrong in here.)
fn main() {
    let (leave_waker, wakers) = mpsc::channel::<Waker>();
    let (ring, rung) = mpsc::channel();
    thread::spawn(move || {
        let guest = wakers.recv().unwrap();
        println!("cook: the bell rings");
        ring.send("soup").unwrap();
        guest.wake();
    });

    let dish = block_on(std::future::poll_fn(|context| match rung.try_recv() {
        Ok(dish) => Poll::Ready(dish),
        Err(_) => {
            let _ = leave_waker.send(context.waker().clone());
            Poll::Pending
        }
    }));
    println!("guest: here is my {dish}");
}
