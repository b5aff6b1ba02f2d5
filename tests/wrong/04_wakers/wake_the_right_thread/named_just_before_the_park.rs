//! fails: a_wake_before_the_sleep_counts
//! says: The waker was called during the poll, while the thread was still awake; then the thread went to sleep and sleeps on. A wake that comes before the sleep has to be remembered, or the sleep must not begin

// the alarm learns who sleeps after the first poll only: a wake during that poll (from within it, or quickly from another thread) finds nobody and is lost

use std::pin::pin;
use std::sync::{Arc, OnceLock, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Ends the sleep of a thread in `block_on`.
#[derive(Default)]
struct Alarm {
    sleeper: OnceLock<Thread>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        // Nobody sleeps yet? Then there is nobody to wake.
        if let Some(sleeper) = self.sleeper.get() {
            sleeper.unpark();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm::default());
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => {
                alarm.sleeper.get_or_init(thread::current);
                thread::park();
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
