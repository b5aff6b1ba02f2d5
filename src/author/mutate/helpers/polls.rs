//! How a mutant polls a future by hand.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// Asks to be polled again in every poll.
pub(super) fn busy<F: Future + ?Sized>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    asking(future.poll(cx), cx.waker())
}

/// Waits as it should the first time, and is busy every other time.
pub(super) fn busy_next_time<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    asking_next_time(future.poll(cx), cx.waker())
}

/// Hands the waker of the first poll down in all polls.
pub(super) fn stale<F: Future + ?Sized>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let waker = first_waker(&future, cx.waker());
    forgetting(future, &waker)
}

/// Hands the waker down once; from the second poll on, one that does nothing.
pub(super) fn deaf<F: Future + ?Sized>(future: Pin<&mut F>, cx: &mut Context<'_>) -> Poll<F::Output> {
    let known = WAKERS.lock().unwrap().contains_key(&place(&future));
    let waker = if known { Waker::noop().clone() } else { first_waker(&future, cx.waker()) };
    forgetting(future, &waker)
}

/// Takes a value that stands for nothing as no value.
pub(super) fn wants_something<F: Future + ?Sized>(
    future: Pin<&mut F>,
    cx: &mut Context<'_>,
) -> Poll<F::Output>
where
    F::Output: Default + PartialEq,
{
    let poll = future.poll(cx);
    if let Poll::Ready(value) = &poll {
        assert!(*value != F::Output::default(), "there is nothing");
    }
    poll
}

/// An answer that asks to be polled again unless it is ready.
pub(super) fn asking<T>(answer: Poll<T>, waker: &Waker) -> Poll<T> {
    if answer.is_pending() {
        rest();
        waker.wake_by_ref();
    }
    answer
}

/// An answer that asks to be polled again unless it is ready, or the first of all.
pub(super) fn asking_next_time<T>(answer: Poll<T>, waker: &Waker) -> Poll<T> {
    static WAITED: AtomicBool = AtomicBool::new(false);
    if answer.is_pending() && WAITED.swap(true, Ordering::Relaxed) { asking(answer, waker) } else { answer }
}

/// The wakers that futures were polled with first, by the places of the futures.
static WAKERS: Mutex<BTreeMap<usize, Waker>> = Mutex::new(BTreeMap::new());

fn place<F: ?Sized>(future: &Pin<&mut F>) -> usize {
    std::ptr::from_ref::<F>(future).cast::<()>().addr()
}

fn first_waker<F: ?Sized>(future: &Pin<&mut F>, waker: &Waker) -> Waker {
    WAKERS.lock().unwrap().entry(place(future)).or_insert_with(|| waker.clone()).clone()
}

/// Polls, and forgets the waker of a future that is done: another one may come to its place.
fn forgetting<F: Future + ?Sized>(mut future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    let poll = future.as_mut().poll(&mut Context::from_waker(waker));
    if poll.is_ready() {
        WAKERS.lock().unwrap().remove(&place(&future));
    }
    poll
}

/// After a while it sleeps between two questions, which is as busy as ever for a runtime, and costs the machine little.
fn rest() {
    static SINCE: Mutex<Option<Instant>> = Mutex::new(None);
    let since = *SINCE.lock().unwrap().get_or_insert_with(Instant::now);
    if since.elapsed() > Duration::from_millis(300) {
        std::thread::sleep(Duration::from_millis(1));
    }
}
