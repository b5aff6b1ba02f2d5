//! An import of many rows must not keep the thread to itself. `Import` stores one row in each poll, in order, and
//! gives the thread back. Once all rows are stored, it is ready with their number: in the poll that stores the last
//! row, or in the next one.
//!
//! `cargo run` polls it by hand, five times. Each poll stores the first row again, and the import never ends.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

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
        let mut stored = 0;
        if stored == this.rows.len() {
            return Poll::Ready(stored);
        }
        (this.store)(&this.rows[stored]);
        stored += 1;
        // There is more to do, and no event will wake the task. Ask to be polled again.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

fn main() {
    let rows = ["apples", "pears", "plums"].map(String::from).to_vec();
    let mut import = Import::new(rows, Box::new(|row| println!("  stored {row}")));
    // A waker that does nothing is enough here: this loop polls, woken or not.
    let mut cx = Context::from_waker(Waker::noop());
    for n in 1..=5 {
        println!("poll {n}");
        if let Poll::Ready(rows) = Pin::new(&mut import).poll(&mut cx) {
            println!("  ready: {rows} rows");
            break;
        }
    }
}
