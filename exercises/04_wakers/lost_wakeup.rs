//! This `block_on` sleeps on a condition variable: the waker notifies it, and the thread wakes up and polls again. It
//! uses only `std`, several threads call it, and it has worked for months with timers and sockets. (How the thread
//! sleeps is up to you.)
//!
//! Then came a future that asks to be polled again from within `poll`. `cargo run` shows its first turn, and nothing
//! more. (Stop it with Ctrl-C.)

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
        let guard = bedroom.lock.lock().unwrap();
        let _guard = bedroom.alarm.wait(guard).unwrap();
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
