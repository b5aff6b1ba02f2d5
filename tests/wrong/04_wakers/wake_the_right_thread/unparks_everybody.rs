//! fails: each_thread_has_its_own_waker
//! says: Two threads sleep in `block_on`, the waker of a third was called, but one of the two woke up. Each call of `block_on` needs a waker that knows the thread of that call

// a static list of all sleepers, and each wake unparks them all: the others poll for nothing ("each of them sleeps until its own waker is called"), and the list only grows

use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

static SLEEPERS: Mutex<Vec<Thread>> = Mutex::new(Vec::new());

/// Ends the sleep of the threads in `block_on`. (A poll too many does no harm.)
struct Alarm;

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        for sleeper in SLEEPERS.lock().unwrap().iter() {
            sleeper.unpark();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    SLEEPERS.lock().unwrap().push(thread::current());
    let waker = Waker::from(Arc::new(Alarm));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
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
