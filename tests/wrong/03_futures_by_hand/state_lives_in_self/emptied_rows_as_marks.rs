//! fails: every_row_is_a_row
//! says: an empty row, and stored nothing
//!
//! An empty text is the mark for a row that is stored.

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
        for row in &mut this.rows {
            if !row.is_empty() {
                // The next row that is not stored yet. Its text is taken out, so that the next poll passes it by.
                let text = std::mem::take(row);
                (this.store)(&text);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
        }
        Poll::Ready(this.rows.len())
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
