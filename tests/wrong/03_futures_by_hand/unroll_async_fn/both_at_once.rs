//! fails: one_child_after_the_other
//! says: That is a join; two `.await`s in a row are a sequence.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// Where the function stands: at its first `.await`, at its second, or at its end.
enum State {
    Waiting { price: Option<u32>, tax: Option<u32> },
    Done,
}

pub struct Total<P, T> {
    price: P,
    tax: T,
    state: State,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax, state: State::Waiting { price: None, tax: None } }
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
        match &mut this.state {
            State::Waiting { price, tax } => {
                if price.is_none()
                    && let Poll::Ready(number) = Pin::new(&mut this.price).poll(cx)
                {
                    *price = Some(number);
                }
                if tax.is_none()
                    && let Poll::Ready(number) = Pin::new(&mut this.tax).poll(cx)
                {
                    *tax = Some(number);
                }
                let (Some(price), Some(tax)) = (*price, *tax) else { return Poll::Pending };
                this.state = State::Done;
                Poll::Ready(price + tax)
            }
            State::Done => panic!("`Total` was polled after it returned `Ready`"),
        }
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
