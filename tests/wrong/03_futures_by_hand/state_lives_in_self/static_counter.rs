//! fails: two_imports_keep_apart
//! says: one continued where the other one had stopped

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

static STORED: AtomicUsize = AtomicUsize::new(0);

pub struct Import {
    rows: Vec<String>,
    store: Box<dyn FnMut(&str)>,
}

impl Import {
    pub fn new(rows: Vec<String>, store: Box<dyn FnMut(&str)>) -> Self {
        Self { rows, store }
    }
}

impl Future for Import {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.get_mut();
        let stored = STORED.load(Ordering::SeqCst);
        if stored == this.rows.len() {
            STORED.store(0, Ordering::SeqCst);
            return Poll::Ready(stored);
        }
        (this.store)(&this.rows[stored]);
        STORED.fetch_add(1, Ordering::SeqCst);
        // There is more to do, and no event will say so. Ask to be polled again.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {
    let rows = ["apples", "pears", "plums"].map(String::from).to_vec();
    let mut import = Import::new(rows, Box::new(|row| println!("  stored {row}")));
    let mut cx = Context::from_waker(Waker::noop());
    for n in 1..=5 {
        println!("poll {n}");
        if let Poll::Ready(rows) = Pin::new(&mut import).poll(&mut cx) {
            println!("  ready: {rows} rows");
            break;
        }
    }
}
