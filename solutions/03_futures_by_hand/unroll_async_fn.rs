//! `Total` is what the compiler makes of `price.await + tax.await`, written by hand.
//!
//! Each `.await` is a place where the function can be left, so each has a state, and what is known there lies in it:
//! the price, while it waits for the tax. A poll goes on from the state where the last one stopped.
//!
//! Why the loop: `Pending` says that something is being waited for, and that it has the waker. Between two `.await`s
//! nothing is waited for. A poll that stops there stops for ever; with a wake of its own it goes on, after a round
//! through the engine that nobody needed. So keep going until a child says `Pending`, and pass that on.
//!
//! A loop around `match` is only one way. Two `if`s in a row do it too, as long as the second one is reached in the
//! same poll.

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
                State::Price => match Pin::new(&mut this.price).poll(cx) {
                    // Not the end, and nothing to wait for: once more round the loop, to the next `.await`.
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
                // The future of an `async fn` panics here as well.
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
