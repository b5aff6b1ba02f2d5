//! fails: each_poll_stores_the_next_row
//! says: returned `Ready` after poll

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Import {
    rows: Vec<String>,
    store: Box<dyn FnMut(&str)>,
    /// How many rows earlier polls have stored.
    stored: usize,
}

impl Import {
    pub fn new(rows: Vec<String>, store: Box<dyn FnMut(&str)>) -> Self {
        Self { rows, store, stored: 0 }
    }
}

impl Future for Import {
    type Output = usize;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let this = self.get_mut();
        (this.store)(&this.rows[this.stored]);
        this.stored += 1;
        if this.stored + 1 == this.rows.len() {
            return Poll::Ready(this.stored + 1);
        }
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
