//! A `block_on` that parks between two polls, and a waker that unparks the thread that parked.
//!
//! Why the starter slept forever: `wake` runs on the thread on which the *event* happens, here the cook's. There,
//! `thread::current()` is the cook's thread. The waker has to carry the sleeping thread along, and the time to find
//! out which thread that is, is in `block_on`, before the first poll. So each call needs its own waker: two threads
//! may be in `block_on` at once, and each wake is for one of them.

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Ends the sleep of a thread in `block_on`.
struct Alarm {
    sleeper: Thread,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // This code runs on the thread that is going to sleep.
    let waker = Waker::from(Arc::new(Alarm { sleeper: thread::current() }));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // Any code that has a handle of this thread may unpark it for other reasons. Then `park` returns although
            // nothing has happened. The poll finds out: if it is `Pending` again, the loop parks again.
            Poll::Pending => thread::park(),
        }
    }
}

/// A guest waits for the cook's bell. (There is no bug in here.)
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
