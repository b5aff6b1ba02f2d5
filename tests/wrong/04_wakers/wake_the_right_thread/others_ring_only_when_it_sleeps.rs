//! fails: a_wake_from_elsewhere_during_the_poll_counts
//! says: Another thread called the waker during the first poll

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Ends the sleep of one thread.
struct Alarm {
    sleeper: Thread,
    asleep: AtomicBool,
    again: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        if thread::current().id() == self.sleeper.id() {
            // In the middle of a poll: it does not lie down after it.
            self.again.store(true, Ordering::SeqCst);
        } else if self.asleep.load(Ordering::SeqCst) {
            self.sleeper.unpark();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm {
        sleeper: thread::current(),
        asleep: AtomicBool::new(false),
        again: AtomicBool::new(false),
    });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        if !alarm.again.swap(false, Ordering::SeqCst) {
            alarm.asleep.store(true, Ordering::SeqCst);
            thread::park();
            alarm.asleep.store(false, Ordering::SeqCst);
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
