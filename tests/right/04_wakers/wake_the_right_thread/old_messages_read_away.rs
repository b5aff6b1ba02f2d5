//! The alarm sends, and the sleeper receives (clumsy: all old messages are read away first).

use std::pin::pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

/// Ends the sleep of a thread in `block_on`.
struct Alarm {
    line: Mutex<mpsc::Sender<u8>>,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let line = self.line.lock().unwrap().clone();
        let result = line.send(1);
        if result.is_err() {
            // Nobody is there any more.
        }
    }
}

fn sleep_until_called(line: &mpsc::Receiver<u8>) {
    let mut calls = line.recv().unwrap_or(1);
    while let Ok(one) = line.try_recv() {
        calls |= one;
    }
    assert_eq!(calls, 1);
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (sender, receiver) = mpsc::channel();
    let waker = Waker::from(Arc::new(Alarm { line: Mutex::new(sender) }));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => sleep_until_called(&receiver),
        }
    }
}

/// A guest waits for the cook's bell. (Nothing is wrong in here.)
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
