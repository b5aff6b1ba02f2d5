//! You build a runtime of your own, in twelve steps. This is the first: `block_on` blocks the thread that calls it
//! until the future is ready, and returns its output. It uses only `std`.
//!
//! - While the future is pending, the thread sleeps. Only a call of the waker leads to another poll, on whichever
//!   thread and whenever it comes. A wake during the poll counts, and any number of wakes leads to one poll.
//! - Several threads may be inside of `block_on`, each with its own future.
//! - A call inside of `block_on`, on the same thread, panics, and the text of the panic names `block_on`. The thread
//!   can call `block_on` again when it has left the outer call, whether with an output or with a panic.
//!
//! It does not compile yet: the parker, the waker and the loop have gaps.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Puts one thread to sleep until it is woken.
struct Parker {
    thread: Thread,
    // What else does it have to remember?
}

impl Parker {
    /// The parker of the thread that calls this.
    fn new() -> Arc<Parker> {
        Arc::new(Parker { thread: thread::current() })
    }

    /// Sleeps until there was a wake since the last call.
    fn park(&self) {
        todo!("put the thread to sleep")
    }
}

/// The future's waker is an `Arc` of the parker.
impl Wake for Parker {
    // What does a wake have to do?
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let parker = Parker::new();
    let waker = Waker::from(parker.clone());
    let mut context = Context::from_waker(&waker);
    todo!("poll the future until it is ready")
}

/// A kettle that boils after half a second. (There is no bug in here.)
fn main() {
    let mut thread = None;
    let boils = Arc::new(AtomicBool::new(false));
    let mut polls = 0;
    block_on(std::future::poll_fn(|context| {
        polls += 1;
        if boils.load(Ordering::Acquire) {
            return Poll::Ready(());
        }
        let (waker, stove) = (context.waker().clone(), boils.clone());
        thread.get_or_insert_with(|| {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(500));
                stove.store(true, Ordering::Release);
                waker.wake();
            })
        });
        Poll::Pending
    }));
    println!("the water boils; the future was polled {polls} times");
}
