//! `Total` is what the compiler makes of `price.await + tax.await`, written by hand.
//!
//! The function can pause at each `.await`, so each `.await` has a state, which holds what is known there: the price,
//! while it waits for the tax. A poll continues from the state where the last one stopped.
//!
//! Why the loop: `Pending` means that the future waits for something, and that this something has the waker. Between
//! two `.await`s there is nothing to wait for. If a poll stops there without a wake, the task sleeps forever. If it
//! wakes itself, it continues, after an extra round through the executor that nobody needed. So keep going until a
//! child returns `Pending`, and return that.
//!
//! A loop around `match` is only one way. Two `if`s in a row work too, as long as the same poll reaches the second
//! one.

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
        loop {
            match this.state {
                State::Price => match Pin::new(&mut this.price).poll(cx) {
                    // Not done, but nothing to wait for: loop again, to the next `.await`.
                    Poll::Ready(price) => this.state = State::Tax { price },
                    Poll::Pending => return Poll::Pending,
                },
                State::Tax { price } => match Pin::new(&mut this.tax).poll(cx) {
                    Poll::Ready(tax) => {
                        this.state = State::Done;
                        return Poll::Ready(price + tax);
                    }
                    Poll::Pending => return Poll::Pending,
                },
                // The future of an `async fn` panics here, too.
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
