//! fails: one_child_after_the_other
//! says: A child returned `Pending`, and `Total` polled it again in the same poll
//!
//! A loop that does not return while the price is pending: `poll` goes round in a circle and blocks the thread.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Where the function stands: at its first `.await`, at its second, or at its end.
enum State {
    Price,
    Tax { price: u32 },
    Done,
}

pub struct Total<P, T> {
    price: P,
    tax: T,
    state: State,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax, state: State::Price }
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
        loop {
            match this.state {
                State::Price => {
                    if let Poll::Ready(price) = Pin::new(&mut this.price).poll(cx) {
                        this.state = State::Tax { price };
                    }
                }
                State::Tax { price } => {
                    return match Pin::new(&mut this.tax).poll(cx) {
                        Poll::Ready(tax) => {
                            this.state = State::Done;
                            Poll::Ready(price + tax)
                        }
                        Poll::Pending => Poll::Pending,
                    };
                }
                State::Done => panic!("`Total` was polled after it returned `Ready`"),
            }
        }
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
