//! fails: a_wake_during_the_poll_counts
//! says: then the thread went to sleep and sleeps on: a wake was lost

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Where the thread in `block_on` sleeps.
#[derive(Default)]
struct Bedroom {
    lock: Mutex<()>,
    alarm: Condvar,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        let _guard = self.lock.lock().unwrap();
        self.alarm.notify_all();
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
