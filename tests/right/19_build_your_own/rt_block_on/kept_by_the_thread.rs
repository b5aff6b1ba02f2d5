//! Each thread makes its parker and its waker once. Whoever is inside has borrowed them.

use std::cell::RefCell;
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
        // First the token, then `unpark`: the thread that wakes up looks for the token. Whoever finds the token there
        // need not call `unpark`, because the one who put it there does.
        if !self.token.swap(true, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }
}

thread_local! {
    static KEPT: RefCell<Option<(Arc<Parker>, Waker)>> = const { RefCell::new(None) };
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    KEPT.with(|kept| {
        let Ok(mut kept) = kept.try_borrow_mut() else {
            panic!("`block_on` was called inside of another `block_on`, on the same thread")
        };
        let (parker, waker) = kept.get_or_insert_with(|| {
            let parker = Parker::new();
            let waker = Waker::from(parker.clone());
            (parker, waker)
        });
        let mut future = pin!(future);
        let mut context = Context::from_waker(waker);
        loop {
            if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                return output;
            }
            parker.park();
        }
    })
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
