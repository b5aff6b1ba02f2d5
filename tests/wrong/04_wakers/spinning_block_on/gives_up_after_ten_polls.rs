//! fails: each_wake_means_one_poll
//! says: A future may be `Pending` any number of times

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Ends the sleep of one thread.
struct Alarm(Thread);

impl Wake for Alarm {
    // Called by the event, on whatever thread it happens. `unpark` leaves a token with the sleeper, so that a wake
    // which comes a moment before `park` is not lost either.
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    // A future must stay where it is once it has been polled; `pin!` sees to that.
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm(thread::current())));
    let mut context = Context::from_waker(&waker);
    for _ in 0..10 {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // `park` may also return without a wake. That costs one poll more, and the loop parks again. A mutex with
            // a condition variable (and a flag!) or a channel would do for the sleep as well.
            Poll::Pending => thread::park(),
        }
    }
    panic!("the future is never done");
}

/// A kettle that boils after half a second. (Nothing is wrong in here.)
fn main() {
    let kettle = Arc::new(Mutex::new((false, None::<Waker>)));
    let stove = kettle.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        let waker = {
            let mut kettle = stove.lock().unwrap();
            kettle.0 = true;
            kettle.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    });

    let mut polls = 0;
    block_on(std::future::poll_fn(|context| {
        polls += 1;
        let mut kettle = kettle.lock().unwrap();
        kettle.1 = Some(context.waker().clone());
        if kettle.0 { Poll::Ready(()) } else { Poll::Pending }
    }));
    println!("the water boils; the future was polled {polls} times");
}
