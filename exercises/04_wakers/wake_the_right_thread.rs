//! A colleague has written a `block_on` that does not spin: between two polls the thread parks, and the waker unparks
//! it. It uses only `std`, and it is almost right. Any number of threads may call it at the same time. (How the
//! thread sleeps is up to you.)
//!
//! `cargo run` prints that the bell rings, and then nothing more: the guest waits forever. (Stop it with Ctrl-C.)

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

/// Ends the sleep of a thread in `block_on`.
struct Alarm;

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        thread::current().unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// A guest waits for the cook's bell. (There is no bug in here.)
fn main() {
    let (leave_waker, wakers) = mpsc::channel::<Waker>();
    let (ring, rung) = mpsc::channel();
    thread::spawn(move || {
        let guest = wakers.recv().unwrap();
        println!("cook: the bell rings");
        ring.send("soup").unwrap();
        guest.wake();
    });

    let dish = block_on(std::future::poll_fn(|context| match rung.try_recv() {
        Ok(dish) => Poll::Ready(dish),
        Err(_) => {
            let _ = leave_waker.send(context.waker().clone());
            Poll::Pending
        }
    }));
    println!("guest: here is my {dish}");
}
