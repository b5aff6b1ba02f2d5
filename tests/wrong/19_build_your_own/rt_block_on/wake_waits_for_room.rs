//! fails: many_wakes_are_one
//! says: one did not return

use std::cell::Cell;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

/// Puts one thread to sleep until it is woken.
struct Parker {
    bell: SyncSender<()>,
    rung: Mutex<Receiver<()>>,
}

impl Parker {
    fn new() -> Arc<Parker> {
        let (bell, rung) = mpsc::sync_channel(1);
        Arc::new(Parker { bell, rung: Mutex::new(rung) })
    }

    fn park(&self) {
        self.rung.lock().unwrap().recv().unwrap();
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        let _ = self.bell.send(());
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
