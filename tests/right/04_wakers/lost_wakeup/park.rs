//! Leaves the memory to the token of `unpark`.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Where the thread in `block_on` sleeps.
struct Bedroom {
    sleeper: Thread,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bedroom = Arc::new(Bedroom { sleeper: thread::current() });
    let waker = Waker::from(bedroom.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        thread::park();
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
