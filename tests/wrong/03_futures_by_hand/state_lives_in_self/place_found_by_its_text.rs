//! fails: every_row_is_a_row
//! says: Every row counts, whatever its text is, each in its turn

// Finds its place by the text of the last row, so equal rows lead back to the first of them.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Import {
    rows: Vec<String>,
    store: Box<dyn FnMut(&str)>,
    last: Option<String>,
}

impl Import {
    pub fn new(rows: Vec<String>, store: Box<dyn FnMut(&str)>) -> Self {
        Self { rows, store, last: None }
    }
}

impl Future for Import {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.get_mut();
        let next = match &this.last {
            None => 0,
            Some(last) => this.rows.iter().position(|row| row == last).map_or(0, |at| at + 1),
        };
        if next == this.rows.len() {
            return Poll::Ready(next);
        }
        (this.store)(&this.rows[next]);
        this.last = Some(this.rows[next].clone());
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
