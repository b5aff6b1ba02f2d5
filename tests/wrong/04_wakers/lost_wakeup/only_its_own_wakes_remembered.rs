//! fails: a_wake_from_elsewhere_during_the_poll_counts
//! says: Another thread called the waker during the first poll, before the thread in `block_on` went to sleep, but the future was not polled again: that wake was forgotten. A wake has to be remembered until the next poll, whichever thread it comes from

// remembers a wake from the polling thread only: one from another thread during the poll is still a notify that nobody waits for, and is lost

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, ThreadId};

/// Where the thread in `block_on` sleeps.
struct Bedroom {
    sleeper: ThreadId,
    again: AtomicBool,
    lock: Mutex<()>,
    alarm: Condvar,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        if thread::current().id() == self.sleeper {
            // From within `poll`: it is not asleep, so it must not lie down.
            self.again.store(true, Ordering::Release);
        } else {
            let _guard = self.lock.lock().unwrap();
            self.alarm.notify_one();
        }
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bedroom = Arc::new(Bedroom {
        sleeper: thread::current().id(),
        again: AtomicBool::new(false),
        lock: Mutex::new(()),
        alarm: Condvar::new(),
    });
    let waker = Waker::from(bedroom.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        if bedroom.again.swap(false, Ordering::Acquire) {
            continue;
        }
        let guard = bedroom.lock.lock().unwrap();
        let _guard = bedroom.alarm.wait(guard).unwrap();
    }
}

/// A long sum that lets others have a turn after each part of it. (Nothing is wrong in here.)
fn main() {
    let mut turn = 0;
    block_on(std::future::poll_fn(|context| {
        turn += 1;
        println!("turn {turn} of 4");
        if turn == 4 {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }));
    println!("the sum is done");
}
