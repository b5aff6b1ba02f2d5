//! fails: a_wake_during_the_poll_counts
//! says: The future called its waker during the poll, and was not polled again: the thread went to sleep after it. The wake was not remembered, or forgotten before the sleep; it has to be remembered until the next poll

// the flag goes down between the poll and the sleep: a wake that came during the poll is thrown away, and the thread sleeps for good

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

#[derive(Default)]
struct Signal {
    given: Mutex<bool>,
    changed: Condvar,
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.given.lock().unwrap() = true;
        self.changed.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    // A future must stay where it is once it has been polled; `pin!` sees to that.
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(signal.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        let mut given = signal.given.lock().unwrap();
        *given = false;
        while !*given {
            given = signal.changed.wait(given).unwrap();
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
