//! fails: many_wakes_during_one_poll
//! says: for room in a channel

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::task::{Context, Poll, Wake, Waker};

/// Where the thread in `block_on` sleeps.
struct Bedroom {
    ring: SyncSender<()>,
}

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        let _ = self.ring.send(());
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (ring, rung) = mpsc::sync_channel(1);
    let bedroom = Arc::new(Bedroom { ring });
    let waker = Waker::from(bedroom.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        rung.recv().expect("the waker is alive");
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
