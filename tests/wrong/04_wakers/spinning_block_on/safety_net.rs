//! fails: sleeps_until_it_is_woken
//! says: times while nothing happened. A runtime parks until the waker is called: it sleeps, and something else ends its sleep

// parks with a time limit and polls when it is over: wakes up on a timer to check, "what ends the sleep is the waker, and nothing else"

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    // A future must stay where it is once it has been polled; `pin!` sees to that.
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            // The limit is for futures that forget to wake us.
            Poll::Pending => thread::park_timeout(Duration::from_secs(1)),
        }
    }
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
