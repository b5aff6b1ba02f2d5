//! `Total` should be what the compiler makes of this function, written by hand. It polls a child when the function
//! does, and its sum is the sum of the function, for any two numbers:
//!
//!     async fn total(price: impl Future<Output = u32>, tax: impl Future<Output = u32>) -> u32 {
//!         let price = price.await;
//!         let tax = tax.await;
//!         price + tax
//!     }
//!
//! In `cargo run` both price and tax are known, with nothing to wait for. The `async fn` would be ready at its first
//! poll. `Total` is not, and nothing is going to poll it again.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Where the function is: at its first `.await`, at its second, or at its end.
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
        match this.state {
            State::Price => {
                if let Poll::Ready(price) = Pin::new(&mut this.price).poll(cx) {
                    this.state = State::Tax { price };
                }
                Poll::Pending
            }
            State::Tax { price } => match Pin::new(&mut this.tax).poll(cx) {
                Poll::Ready(tax) => {
                    this.state = State::Done;
                    Poll::Ready(price + tax)
                }
                Poll::Pending => Poll::Pending,
            },
            State::Done => panic!("`Total` was polled after it returned `Ready`"),
        }
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
