//! Parks for as long as a flag says that no wake has come, so that a stray `unpark` costs no poll.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

/// Ends the sleep of one thread.
struct Alarm {
    sleeper: Thread,
    woken: AtomicBool,
}

impl Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Release);
        self.sleeper.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let alarm = Arc::new(Alarm { sleeper: thread::current(), woken: AtomicBool::new(false) });
    let waker = Waker::from(alarm.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => {
                while !alarm.woken.swap(false, Ordering::AcqRel) {
                    thread::park();
                }
            }
        }
    }
}

/// A kettle that boils after half a second. (Nothing is wrong in here.)
fn main() {
    let kettle = Arc::new(Mutex::new((false, None::<Waker>)));
    let stove = kettle.clone();
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(500));
        let waker = {
            let mut kettle = stove.lock().unwrap();
            kettle.0 = true;
            kettle.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    });

    let mut polls = 0;
    block_on(std::future::poll_fn(|context| {
        polls += 1;
        let mut kettle = kettle.lock().unwrap();
        kettle.1 = Some(context.waker().clone());
        if kettle.0 { Poll::Ready(()) } else { Poll::Pending }
    }));
    println!("the water boils; the future was polled {polls} times");
}
