//! fails: returns_what_the_future_returns
//! says: That is Tokio's runtime

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::thread;
use std::time::Duration;

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
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
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
