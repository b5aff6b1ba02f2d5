//! Keeps an iterator over the rows, and is ready in the poll that stores the last one.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Import {
    rows: std::vec::IntoIter<String>,
    store: Box<dyn FnMut(&str)>,
    stored: usize,
}

impl Import {
    pub fn new(rows: Vec<String>, store: Box<dyn FnMut(&str)>) -> Self {
        Self { rows: rows.into_iter(), store, stored: 0 }
    }
}

impl Future for Import {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.get_mut();
        if let Some(row) = this.rows.next() {
            (this.store)(&row);
            this.stored += 1;
        }
        if this.rows.as_slice().is_empty() {
            return Poll::Ready(this.stored);
        }
        // More rows wait, and no event will say so: ask for another turn.
        cx.waker().wake_by_ref();
        Poll::Pending
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
