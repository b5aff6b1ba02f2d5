//! Lets the compiler build the states, and polls what it built.

use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct Total<P, T> {
    plan: Plan<P, T>,
}

enum Plan<P, T> {
    New(Option<(P, T)>),
    Running(Pin<Box<dyn Future<Output = u32>>>),
}

impl<P, T> Total<P, T> {
    pub fn new(price: P, tax: T) -> Self {
        Self { plan: Plan::New(Some((price, tax))) }
    }
}

impl<P, T> Future for Total<P, T>
where
    P: Future<Output = u32> + Unpin + 'static,
    T: Future<Output = u32> + Unpin + 'static,
{
    type Output = u32;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<u32> {
        let this = self.get_mut();
        if let Plan::New(children) = &mut this.plan {
            let (price, tax) = children.take().expect("the children are there until the first poll");
            this.plan = Plan::Running(Box::pin(async move { price.await + tax.await }));
        }
        let Plan::Running(plan) = &mut this.plan else { unreachable!("it was set above") };
        plan.as_mut().poll(cx)
    }
}

fn main() {
    let mut total = Total::new(ready(1999), ready(380));
    let mut cx = Context::from_waker(Waker::noop());
    println!("first poll: {:?}", Pin::new(&mut total).poll(&mut cx));
}
