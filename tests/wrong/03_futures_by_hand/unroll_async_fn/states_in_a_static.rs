//! fails: two_of_them_keep_apart
//! says: Two `Total`s were under way
//!
//! The state is set back at the end, for the next one.

use std::future::ready;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

/// Where the function stands: at its first `.await`, at its second, or at its end.
enum State {
    Price,
    Tax { price: u32 },
    Done,
}

static STATE: Mutex<State> = Mutex::new(State::Price);

pub struct Total<P, T> {
    price: P,
    tax: T,
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { price, tax }
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
        let mut state = STATE.lock().unwrap();
        loop {
            match *state {
                State::Price => match Pin::new(&mut this.price).poll(cx) {
                    // Not the end, and nothing to wait for: once more round the loop, to the next `.await`.
                    Poll::Ready(price) => *state = State::Tax { price },
                    Poll::Pending => return Poll::Pending,
                },
                State::Tax { price } => match Pin::new(&mut this.tax).poll(cx) {
                    Poll::Ready(tax) => {
                        *state = State::Price;
                        return Poll::Ready(price + tax);
                    }
                    Poll::Pending => return Poll::Pending,
                },
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
