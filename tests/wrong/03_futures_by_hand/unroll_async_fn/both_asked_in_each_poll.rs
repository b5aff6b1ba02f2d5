//! fails: one_child_after_the_other
//! says: That is a join; two `.await`s in a row are a sequence.
//!
//! Price and tax are asked at the same time.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Total<P, T> {
    price: P,
    tax: T,
    known_price: Option<u32>,
    known_tax: Option<u32>,
    done: bool,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax, known_price: None, known_tax: None, done: false }
    }
}

impl<P, T> Future for Total<P, T>
where
    P: Future<Output = u32> + Unpin,
    T: Future<Output = u32> + Unpin,
{
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let this = self.get_mut();
        if this.done {
            panic!("`Total` was polled after it returned `Ready`");
        }
        if this.known_price.is_none() {
            if let Poll::Ready(price) = Pin::new(&mut this.price).poll(cx) {
                this.known_price = Some(price);
            }
        }
        if this.known_tax.is_none() {
            if let Poll::Ready(tax) = Pin::new(&mut this.tax).poll(cx) {
                this.known_tax = Some(tax);
            }
        }
        match (this.known_price, this.known_tax) {
            (Some(price), Some(tax)) => {
                this.done = true;
                Poll::Ready(price + tax)
            }
            _ => Poll::Pending,
        }
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
