//! No enum: the price in an `Option`, one step falls through to the next.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Total<P, T> {
    price: P,
    tax: T,
    /// The price, once it is known.
    known: Option<u32>,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax, known: None }
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
        let price = match this.known {
            Some(price) => price,
            None => match Pin::new(&mut this.price).poll(cx) {
                Poll::Ready(price) => *this.known.insert(price),
                Poll::Pending => return Poll::Pending,
            },
        };
        Pin::new(&mut this.tax).poll(cx).map(|tax| price + tax)
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
