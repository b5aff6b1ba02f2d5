//! Your own runtime, step 1: `block_on` blocks its thread until one future is ready, and returns its output.
//!
//! Between two polls the thread has nothing to do, so it sleeps. Three parts belong to it:
//!
//! - the `Parker` puts the thread to sleep and remembers one wake, in its token;
//! - the waker of the future puts the token there and ends the sleep;
//! - the loop polls, and sleeps whenever the future is pending.
//!
//! The steps that follow keep the parker, whatever they add to the loop.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Puts one thread to sleep until it is woken.
struct Parker {
    thread: Thread,
    /// There was a wake, and no `park` has answered it yet. One token is enough for any number of wakes: the next poll
    /// sees everything that happened before it.
    token: AtomicBool,
}

impl Parker {
    /// The parker of the thread that calls this.
    fn new() -> Arc<Parker> {
        Arc::new(Parker { thread: thread::current(), token: AtomicBool::new(false) })
    }

    /// Waits for the token, and takes it.
    fn park(&self) {
        // `thread::park` may return although nobody called this waker: other code can unpark the thread, too. Only the
        // token tells.
        while !self.token.swap(false, Ordering::AcqRel) {
            thread::park();
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // First the token, then `unpark`: the thread that wakes up looks for the token. A call that finds the
        // token there need not call `unpark`, because the call that put it there does.
        if !self.token.swap(true, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }
}

thread_local! {
    /// This thread is inside of `block_on`.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Marks the thread while it is inside of `block_on`. The `Drop` takes the mark away after a panic, too.
struct Inside;

impl Inside {
    fn enter() -> Inside {
        // The inner call would block the thread that has to poll the outer future. If the inner future waits for the
        // outer one, both wait forever, so it is better to say so at once.
        assert!(
            !INSIDE.replace(true),
            "cannot call `block_on` inside of `block_on`: this thread has to poll the outer future; `.await` the inner \
             one instead"
        );
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let _inside = Inside::enter();
    // The future is dropped before `_inside`, so its `Drop` still runs inside of this `block_on`.
    let mut future = pin!(future);
    let parker = Parker::new();
    let waker = Waker::from(parker.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park(),
        }
    }
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
