//! `Import` stores one row in each poll, gives the thread back, and is ready once all rows are stored.
//!
//! `poll` is an ordinary function. It is called, it returns, and its local variables are gone; the next poll starts
//! at its first line. All that a future knows from one poll to the next is in its struct. (A local variable of an
//! `async fn` survives an `.await` only because the compiler puts it into such a struct for you.)
//!
//! Any field of the struct works: an index, an iterator over the rows, a queue that gets shorter. A `static` does
//! not: all imports would share it.
//!
//! The wake before `Pending` has to stay. `Pending` promises that something will call the waker. Usually that is an
//! event from outside. Here the work could go on at once and there is no such event, so the import calls the waker
//! itself.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Import {
    rows: Vec<String>,
    store: Box<dyn FnMut(&str)>,
    /// How many rows the earlier polls have stored.
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
        if this.stored == this.rows.len() {
            return Poll::Ready(this.stored);
        }
        (this.store)(&this.rows[this.stored]);
        this.stored += 1;
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
