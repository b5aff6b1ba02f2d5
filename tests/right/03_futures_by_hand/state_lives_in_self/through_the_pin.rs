//! Never takes the pin off, and wakes first.

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

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<usize> {
        let n = self.stored;
        if n == self.rows.len() {
            return Poll::Ready(n);
        }
        cx.waker().wake_by_ref();
        let row = std::mem::take(&mut self.rows[n]);
        (self.store)(&row);
        self.stored = n + 1;
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
