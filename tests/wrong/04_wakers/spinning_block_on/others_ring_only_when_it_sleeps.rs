//! fails: a_wake_from_elsewhere_during_the_poll_counts
//! says: Another thread called the waker during the first poll

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Ends the sleep of one thread.
struct Alarm {
    sleeper: Thread,
    asleep: AtomicBool,
    again: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        if thread::current().id() == self.sleeper.id() {
            // In the middle of a poll: it does not lie down after it.
            self.again.store(true, Ordering::SeqCst);
        } else if self.asleep.load(Ordering::SeqCst) {
            self.sleeper.unpark();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm {
        sleeper: thread::current(),
        asleep: AtomicBool::new(false),
        again: AtomicBool::new(false),
    });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        if !alarm.again.swap(false, Ordering::SeqCst) {
            alarm.asleep.store(true, Ordering::SeqCst);
            thread::park();
            alarm.asleep.store(false, Ordering::SeqCst);
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
