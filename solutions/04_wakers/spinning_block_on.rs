//! `block_on` blocks the calling thread until the future is done, and returns its value.
//!
//! Why the starter kept a core busy: it passed `poll` a waker that does nothing. So nothing could tell it when to
//! poll again, and it had to keep polling. A waker solves that: the future leaves it with the event, the event calls
//! it, and only then is there a reason to poll. In between, the thread can sleep.
//!
//! Sleeping for a while and polling again (`sleep(1 ms)`, `park_timeout`, `yield_now`) is still spinning, only
//! slower: late when the event comes, and busy when it does not.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Ends the sleep of one thread.
struct Alarm(Thread);

impl Wake for Alarm {
    // The event calls this, on any thread. `unpark` leaves a token for the sleeping thread, so a wake that comes just
    // before `park` does not get lost either.
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    // A future must not move once it has been polled; `pin!` makes sure of that.
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // `park` may also return without a wake. That costs one extra poll, and the loop parks again. A mutex with
            // a condition variable (and a flag!) or a channel works for the sleep, too.
            Poll::Pending => thread::park(),
        }
    }
}

/// A kettle that boils after half a second. (There is no bug in here.)
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
