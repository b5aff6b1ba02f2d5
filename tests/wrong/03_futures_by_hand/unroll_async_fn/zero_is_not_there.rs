//! fails: any_number_is_a_number
//! says: so none of them can mean "not there yet"
//!
//! A price of 0 is asked for again.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Total<P, T> {
    price: P,
    tax: T,
    known_price: u32,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax, known_price: 0 }
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
        if this.known_price == 0 {
            match Pin::new(&mut this.price).poll(cx) {
                Poll::Ready(price) => this.known_price = price,
                Poll::Pending => return Poll::Pending,
            }
        }
        match Pin::new(&mut this.tax).poll(cx) {
            Poll::Ready(tax) => Poll::Ready(this.known_price + tax),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
