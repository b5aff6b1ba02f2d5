//! Hidden tests of `first_poll`: what one poll of a `Cached` says, and whom it wakes.

use std::task::{Poll, Waker};

use exercise::Cached;
use testkit::{CountingWaker, check_eq, panic_of, poll_once, rt, stage};

/// The first poll is ready, with the price that `Cached` was made with.
#[test]
fn the_first_poll_is_ready() {
    for price in [pick(), pick()] {
        match poll(price, &CountingWaker::new().waker()) {
            Poll::Ready(found) => check_eq!(
                found,
                price,
                "`Cached::new({price})` was ready with {found}, which is not the price that it was made with."
            ),
            Poll::Pending => panic!(
                "A value that is already there must be `Ready` on the first poll. `Cached` returned `Pending`: \"not \
                 yet, you will be woken\"."
            ),
        }
    }
}

/// There is nothing to come back for, so nothing is woken.
#[test]
fn nobody_is_woken() {
    let waker = CountingWaker::new();
    let answer = poll(pick(), &waker.waker());
    let wakes = waker.wakes();
    let said = if answer.is_ready() { "Ready" } else { "Pending" };
    assert!(
        wakes == 0,
        "The first poll woke its task (wakes: {wakes}, wanted 0) and returned `{said}`. A wake means \"poll me \
         again\", and a price that is there needs no second poll."
    );
}

/// Any price may be in the cache: zero, one cent, or the highest one.
#[test]
fn any_price_is_a_price() {
    for price in [0, 1, u32::MAX - 1, u32::MAX] {
        match poll(price, &CountingWaker::new().waker()) {
            Poll::Ready(found) => check_eq!(
                found,
                price,
                "`Cached::new({price})` was ready with {found}. Every `u32` may be a price, {price} as well."
            ),
            Poll::Pending => panic!(
                "`Cached::new({price})` returned `Pending` at its first poll. Every `u32` may be a price, {price} as \
                 well: it is there from the start."
            ),
        }
    }
}

/// Each `Cached` has its own price, whichever is made or polled first.
#[test]
fn each_has_its_own_price() {
    let [a, b] = [pick(), pick() + 1_000_000];
    let [mut first, mut second] = [made(a), made(b)];
    for (cached, price, other) in [(&mut second, b, a), (&mut first, a, b)] {
        match asked(cached, &CountingWaker::new().waker()) {
            Poll::Ready(found) => check_eq!(
                found,
                price,
                "There are two `Cached`, one for the price {price} and one for {other}. The one for {price} was \
                 ready with {found}. Each has to answer with its own price, so each has to hold it."
            ),
            Poll::Pending => {
                panic!("Of two prices in the cache, one was `Pending` at its first poll. Both are there.")
            }
        }
    }
}

/// Two cached prices can be awaited one after the other without waiting.
#[test]
fn it_can_be_awaited() {
    let (a, b) = (pick(), pick());
    let mut sum = Box::pin(async move { Cached::new(a).await + Cached::new(b).await });
    stage("a task awaits two cached prices, in a runtime");
    let answer = rt(async { panic_of(|| poll_once(&mut sum, Waker::noop())) });
    match answer.unwrap_or_else(|text| panic!("`Cached` panicked: {text}")) {
        Poll::Ready(found) => check_eq!(found, a + b, "Two cached prices were awaited and added up."),
        Poll::Pending => panic!(
            "A task awaited two cached prices and had to wait in between. Nothing was missing: a future returns \
             `Pending` only when it has to wait."
        ),
    }
}

/// A price that nobody can know beforehand.
fn pick() -> u32 {
    testkit::pick(1..=1_000_000) as u32
}

/// One poll of a new `Cached`.
fn poll(price: u32, waker: &Waker) -> Poll<u32> {
    asked(&mut made(price), waker)
}

fn made(price: u32) -> Cached {
    panic_of(|| Cached::new(price)).unwrap_or_else(|text| panic!("`Cached::new` panicked: {text}"))
}

fn asked(cached: &mut Cached, waker: &Waker) -> Poll<u32> {
    stage("`Cached` is being polled");
    panic_of(|| poll_once(&mut Box::pin(cached), waker))
        .unwrap_or_else(|text| panic!("`Cached` panicked: {text}"))
}
