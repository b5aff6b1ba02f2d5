//! Takes the rows from the front of the `Vec` and counts them.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Import {
    rows: Vec<String>,
    count: usize,
    store: Box<dyn FnMut(&str)>,
}

impl Import {
    pub fn new(rows: Vec<String>, store: Box<dyn FnMut(&str)>) -> Self {
        Self { rows, count: 0, store }
    }
}

impl Future for Import {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.get_mut();
        if this.rows.is_empty() {
            Poll::Ready(this.count)
        } else {
            let row: String = this.rows.remove(0);
            (this.store)(row.as_str());
            this.count += 1;
            let waker = cx.waker().clone();
            waker.wake();
            Poll::Pending
        }
    }
}

fn main() {
    let rows = ["apples", "pears", "plums"].map(String::from).to_vec();
    let mut import = Import::new(rows, Box::new(|row| println!("  stored {row}")));
    // A waker that does nothing is enough here: this loop polls whether it was woken or not.
    let mut cx = Context::from_waker(Waker::noop());
    for n in 1..=5 {
        println!("poll {n}");
        if let Poll::Ready(rows) = Pin::new(&mut import).poll(&mut cx) {
            println!("  ready: {rows} rows");
            break;
        }
    }
}
