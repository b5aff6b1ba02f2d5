//! A small tool has a future to wait for, but no runtime: `block_on` blocks the calling thread until the future is
//! done, and returns its value. It uses only `std`: no runtime, no crates. While there is nothing to do, its thread
//! should sleep.
//!
//! The value is right. But look at the number that `cargo run` prints, and at your CPU meanwhile.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

pub fn block_on<F: Future>(future: F) -> F::Output {
    // A future must not move once it has been polled; `pin!` makes sure of that.
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        // Is it done now? And now?
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// A kettle that boils after half a second. (There is no bug in here.)
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
