//! Hidden tests of `first_poll`: what one poll of a `Cached` says, and whom it wakes.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::task::{Poll, Waker};

use exercise::Cached;
use testkit::{CountingWaker, check_eq, panic_of, poll_once, stage};

/// The first poll is ready, with the price that `Cached` was made with.
#[test]
fn the_first_poll_is_ready() {
    for price in [pick(), pick()] {
        match poll(&mut Box::pin(Cached::new(price)), &CountingWaker::new().waker()) {
            Poll::Ready(found) => check_eq!(
                found,
                price,
                "`Cached` was ready with another price than the one that it was made with."
            ),
            Poll::Pending => panic!(
                "A value that is already there must be `Ready` on the first poll. `Cached` said `Pending`: \"not yet, \
                 you will be woken\"."
            ),
        }
    }
}

/// There is nothing to come back for, so nobody is woken.
#[test]
fn nobody_is_woken() {
    let waker = CountingWaker::new();
    let answer = poll(&mut Box::pin(Cached::new(pick())), &waker.waker());
    let wakes = waker.wakes();
    let said = if answer.is_ready() { "Ready" } else { "Pending" };
    assert!(
        wakes == 0,
        "The first poll woke its task (wakes: {wakes}, wanted 0) and said `{said}`. A wake means \"poll me again\", \
         and a price that is there needs no second poll."
    );
}

/// Two cached prices can be awaited in one go, without a stop.
#[test]
fn it_can_be_awaited() {
    let (a, b) = (pick(), pick());
    let mut sum = Box::pin(async move { Cached::new(a).await + Cached::new(b).await });
    match poll(&mut sum, Waker::noop()) {
        Poll::Ready(found) => check_eq!(found, a + b, "Two cached prices were awaited and added up."),
        Poll::Pending => panic!(
            "A task awaited two cached prices and had to stop on the way. Nothing was missing: a future says `Pending` \
             only when it has to wait."
        ),
    }
}

/// A price that nobody can know beforehand.
fn pick() -> u32 {
    (RandomState::new().hash_one(()) % 1_000_000) as u32 + 1
}

/// One poll; when it panics, the failure says so.
fn poll<F: Future + ?Sized>(future: &mut Pin<Box<F>>, waker: &Waker) -> Poll<F::Output> {
    stage("`Cached` is being polled");
    panic_of(|| poll_once(future, waker))
        .unwrap_or_else(|text| panic!("`Cached` panicked at its first poll: {text}"))
}
