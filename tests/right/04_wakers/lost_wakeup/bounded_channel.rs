//! A channel with room for one message; a full one is a wake that is remembered already.

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{self, SyncSender};
use std::task::{Context, Poll, Wake, Waker};

struct Bell(SyncSender<()>);

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        // Full: it is remembered. Closed: nobody is in `block_on` any more.
        let _ = self.0.try_send(());
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let (sender, receiver) = mpsc::sync_channel(1);
    let waker = Waker::from(Arc::new(Bell(sender)));
    let mut context = Context::from_waker(&waker);
    let mut result = future.as_mut().poll(&mut context);
    while result.is_pending() {
        receiver.recv().expect("the waker is kept here");
        result = future.as_mut().poll(&mut context);
    }
    match result {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("that was the condition of the loop"),
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
