//! fails: many_wakes_during_one_poll
//! says: panicked. A wake may come any number of times: one that is already remembered changes nothing

// A wake may come thousands of times in a row, and none may panic; the 65536th before a poll overflows the counter.

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Where the thread in `block_on` sleeps.
#[derive(Default)]
struct Bedroom {
    woken: Mutex<u16>,
    alarm: Condvar,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap() += 1;
        self.alarm.notify_one();
    }
}

impl Bedroom {
    fn sleep(&self) {
        let mut woken = self.woken.lock().unwrap();
        while *woken == 0 {
            woken = self.alarm.wait(woken).unwrap();
        }
        *woken = 0;
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
        bedroom.sleep();
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
