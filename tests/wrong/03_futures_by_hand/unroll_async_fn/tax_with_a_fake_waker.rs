//! fails: one_child_after_the_other
//! says: The tax came, but the task of `Total` was not woken.

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
                    Poll::Ready(price) => this.state = State::Tax { price },
                    Poll::Pending => return Poll::Pending,
                },
                State::Tax { price } => {
                    match Pin::new(&mut this.tax).poll(&mut Context::from_waker(Waker::noop())) {
                        Poll::Ready(tax) => {
                            this.state = State::Done;
                            return Poll::Ready(price + tax);
                        }
                        Poll::Pending => return Poll::Pending,
                    }
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
