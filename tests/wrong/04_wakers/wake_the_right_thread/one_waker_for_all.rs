//! fails: each_thread_has_its_own_waker
//! says: but one of the two woke up

use std::pin::pin;
use std::sync::{Arc, OnceLock, mpsc};
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

static WAKER: OnceLock<Waker> = OnceLock::new();

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = WAKER.get_or_init(|| Waker::from(Arc::new(Alarm { sleeper: thread::current() })));
    let mut context = Context::from_waker(waker);
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
