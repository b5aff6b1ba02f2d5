//! How a mutant polls a future by hand.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use super::asking::Asking;
use super::nothing::Nothing;

/// Waits as it should the first time, and is busy every other time.
pub(crate) fn busy_next_time<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    asking_next_time(future.poll(cx), cx.waker())
}

/// Hands the waker of the first poll down in all polls.
pub(crate) fn stale<F: Future + ?Sized>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let waker = first_waker(&future, cx.waker());
    forgetting(future, &waker)
}

/// Hands the waker down once; from the second poll on, one that does nothing.
pub(crate) fn deaf<F: Future + ?Sized>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let known = WAKERS.lock().expect("nobody panics with it").contains_key(&place(&future));
    let waker = if known { Waker::noop().clone() } else { first_waker(&future, cx.waker()) };
    forgetting(future, &waker)
}

/// Takes a value that stands for nothing as no value.
pub(crate) fn wants_something<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output>
where
    F::Output: Nothing,
{
    let poll = future.poll(cx);
    if let Poll::Ready(value) = &poll {
        assert!(!value.is_nothing(), "there is nothing");
    }
    poll
}

/// An answer that asks to be polled again unless it is ready, or the first of all.
pub(crate) fn asking_next_time<T>(answer: Poll<T>, waker: &Waker) -> Poll<T> {
    static WAITED: AtomicBool = AtomicBool::new(false);
    static ASKING: Mutex<Asking> = Mutex::new(Asking::new());
    if answer.is_pending() && WAITED.swap(true, Ordering::Relaxed) {
        ASKING.lock().expect("nobody panics with it").again(waker);
    }
    answer
}

/// The wakers that futures were polled with first, by the places of the futures.
static WAKERS: Mutex<BTreeMap<usize, Waker>> = Mutex::new(BTreeMap::new());

fn place<F: ?Sized>(future: &Pin<&mut F>) -> usize {
    std::ptr::from_ref::<F>(future).cast::<()>().addr()
}

fn first_waker<F: ?Sized>(future: &Pin<&mut F>, waker: &Waker) -> Waker {
    WAKERS
        .lock()
        .expect("nobody panics with it")
        .entry(place(future))
        .or_insert_with(|| waker.clone())
        .clone()
}

/// Polls, and forgets the waker of a future that is done: another one may come to its place.
fn forgetting<F: Future + ?Sized>(mut future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    let poll = future.as_mut().poll(&mut Context::from_waker(waker));
    if poll.is_ready() {
        WAKERS.lock().expect("nobody panics with it").remove(&place(&future));
    }
    poll
}
