//! fails: each_wake_means_one_poll
//! says: it polled again, or ran in a loop

// While there is nothing to do, the thread sleeps; after its first wake it polls in circles.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

struct Alarm(thread::Thread);

impl std::task::Wake for Alarm {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm(thread::current())));
    let mut slept = false;
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        if !slept {
            slept = true;
            thread::park();
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
