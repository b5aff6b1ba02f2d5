//! fails: a_wake_before_the_sleep_counts
//! says: The waker was called during the poll, but `wake` does not return: it waits for something that it cannot get before the poll is over

// a channel without room: wake blocks until the sleeper receives, so a wake from within the poll hangs, and one during the poll holds the waking thread up

use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

/// Ends the sleep of a thread in `block_on`.
struct Alarm(mpsc::SyncSender<()>);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(());
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (sender, receiver) = mpsc::sync_channel(0);
    let waker = Waker::from(Arc::new(Alarm(sender)));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => receiver.recv().unwrap(),
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
