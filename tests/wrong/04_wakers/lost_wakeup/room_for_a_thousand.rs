//! fails: many_wakes_during_one_poll
//! says: did not return: `wake` waits, perhaps for room in a channel. A wake must never block: one that is already remembered needs no second slot

// No wake may block; the 1025th before the next sleep waits for room in the channel, on the very thread that should make it.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

/// Ends the sleep of a thread in `block_on`.
struct Alarm(std::sync::mpsc::SyncSender<()>);

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(());
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (ring, rung) = std::sync::mpsc::sync_channel(1024);
    let waker = Waker::from(Arc::new(Alarm(ring)));
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        rung.recv().unwrap();
        while rung.try_recv().is_ok() {}
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
