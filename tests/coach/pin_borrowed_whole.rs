//! situation: pin_borrowed_whole
//! says: borrows all of it
//! says: the reference from line 18

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

struct Waiting {
    wakers: Arc<Mutex<Vec<Waker>>>,
    place: Option<usize>,
}

impl Future for Waiting {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut wakers = self.wakers.lock().unwrap();
        self.place = Some(wakers.len());
        wakers.push(context.waker().clone());
        Poll::Pending
    }
}

pub fn run() {
    drop(Waiting { wakers: Arc::default(), place: None });
}
