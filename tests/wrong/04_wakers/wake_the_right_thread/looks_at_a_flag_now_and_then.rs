//! fails: the_sleeper_is_woken
//! says: Waking up to check only hides

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

/// Ends the sleep of a thread in `block_on`.
struct Alarm {
    rang: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.rang.store(true, Ordering::SeqCst);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    // Here we are on the thread that is going to sleep.
    let alarm = Arc::new(Alarm { rang: AtomicBool::new(false) });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // Anybody who has a handle of this thread may unpark it, for reasons of their own, so that `park` returns
            // with nothing done. The poll tells: the loop parks again when the answer is `Pending` again.
            Poll::Pending => {
                while !alarm.rang.swap(false, Ordering::SeqCst) {
                    thread::park_timeout(Duration::from_millis(50));
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
