//! fails: each_call_remembers_its_own_wakes
//! says: it has taken a wake that was not its own

use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Where the thread in `block_on` sleeps.
struct Bedroom;

static WOKEN: Mutex<bool> = Mutex::new(false);
static ALARM: Condvar = Condvar::new();

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        *WOKEN.lock().unwrap() = true;
        ALARM.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Bedroom));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        let mut woken = WOKEN.lock().unwrap();
        while !*woken {
            woken = ALARM.wait(woken).unwrap();
        }
        *woken = false;
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
