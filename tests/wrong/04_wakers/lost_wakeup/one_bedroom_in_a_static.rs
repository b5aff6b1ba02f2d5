//! fails: each_call_remembers_its_own_wakes
//! says: Two threads were in `block_on`. The waker of the second was called, but the first woke up and polled: it has taken a wake that was not its own. Each call has to remember its own wakes

// one static bedroom for all calls: the flag of one call is taken by another thread in block_on, which polls for nothing, and the one that was meant hangs

use std::pin::pin;
use std::sync::{Arc, Condvar, LazyLock, Mutex};
use std::task::{Context, Poll, Wake, Waker};

/// Where the threads in `block_on` sleep.
#[derive(Default)]
struct Bedroom {
    rung: Mutex<bool>,
    alarm: Condvar,
}

static BEDROOM: LazyLock<Arc<Bedroom>> = LazyLock::new(Arc::default);

impl Wake for Bedroom {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().unwrap() = true;
        self.alarm.notify_one();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(BEDROOM.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        let mut rung = BEDROOM.rung.lock().unwrap();
        while !*rung {
            rung = BEDROOM.alarm.wait(rung).unwrap();
        }
        *rung = false;
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
