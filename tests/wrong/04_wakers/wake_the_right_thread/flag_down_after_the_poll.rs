//! fails: a_wake_before_the_sleep_counts
//! says: The waker was called during the poll, while the thread was still awake; then the thread went to sleep and sleeps on. A wake that comes before the sleep has to be remembered, or the sleep must not begin

// The flag goes down before the next poll; here it goes down after it, and a wake from within the poll is lost.

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

struct Alarm {
    sleeper: thread::Thread,
    woken: std::sync::atomic::AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, std::sync::atomic::Ordering::SeqCst);
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm { sleeper: thread::current(), woken: Default::default() });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        alarm.woken.store(false, std::sync::atomic::Ordering::SeqCst);
        while !alarm.woken.load(std::sync::atomic::Ordering::SeqCst) {
            thread::park();
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
