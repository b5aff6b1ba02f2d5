//! fails: sleeps_until_it_is_woken
//! says: short sleeps to check a flag are spinning, too

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::Duration;

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let flag = Arc::new(Flag(AtomicBool::new(false)));
    let waker = Waker::from(flag.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        while !flag.0.swap(false, Ordering::AcqRel) {
            thread::sleep(Duration::from_millis(200));
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
