//! A `block_on` that sleeps on a condition variable, and remembers that it was woken.
//!
//! Why the starter hung: a condition variable has no memory. The future called its waker during the poll, when nobody
//! was asleep yet; the notification found no waiter, and was gone. Then the thread went to sleep and waited for a
//! wake that had already come. The flag is the memory. Three things matter:
//!
//! - `wake` sets it *under the mutex*, and the thread checks it under the same mutex, which `wait` releases only when
//!   the thread is asleep. With an atomic beside the mutex, there would be a gap between checking and sleeping in which
//!   another thread's wake gets lost: rarely, and never while you are watching.
//! - It is cleared before the next poll. If you cleared it after the poll, it would forget a wake that came during it.
//! - Only a wake ends the sleep. A `wait_timeout` would only hide a lost wake-up behind a delay.
//!
//! `thread::park` has such a flag built in: the token that `unpark` leaves. So does a channel, whose message waits
//! until it is received.

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Where the thread in `block_on` sleeps.
#[derive(Default)]
struct Bedroom {
    /// Whether the waker was called since the thread last woke up.
    woken: Mutex<bool>,
    alarm: Condvar,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() = true;
        self.alarm.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bedroom = Arc::new(Bedroom::default());
    let waker = Waker::from(bedroom.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        // `wait_while` does not wait at all if the wake is already there.
        let woken = bedroom.woken.lock().unwrap();
        let mut woken = bedroom.alarm.wait_while(woken, |woken| !*woken).unwrap();
        // The next poll answers this wake. The guard is dropped before that, because `poll` may call `wake`.
        *woken = false;
    }
}

/// A long sum that lets others have a turn after each part of it. (There is no bug in here.)
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
