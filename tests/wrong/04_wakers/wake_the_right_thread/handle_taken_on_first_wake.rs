//! fails: the_sleeper_is_woken
//! says: You woke the thread that called `wake`, not the one that sleeps

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
        self.sleeper.get_or_init(thread::current).unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm::default()));
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
