//! What a mutant awaits in place of what the solution awaits.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::asking::Asking;
use super::nothing::Nothing;

/// Asks to be polled again in every poll.
async fn busy<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    let mut asking = Asking::default();
    poll_fn(|cx| {
        let poll = future.as_mut().poll(cx);
        if poll.is_pending() {
            asking.again(cx.waker());
        }
        poll
    })
    .await
}

/// Waits as it should the first time, and is busy every other time.
pub(crate) async fn busy_next_time<F: IntoFuture>(future: F) -> F::Output {
    static WAITED: AtomicBool = AtomicBool::new(false);
    if WAITED.swap(true, Ordering::Relaxed) { busy(future).await } else { future.await }
}

/// Asks every millisecond.
pub(crate) async fn naps<F: IntoFuture>(future: F) -> F::Output {
    let mut future = pin!(future.into_future());
    loop {
        let asked = future.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Poll::Ready(value) = asked {
            return value;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Pauses before it begins.
pub(crate) async fn pauses_first<F: IntoFuture>(future: F) -> F::Output {
    tokio::time::sleep(PAUSE).await;
    future.await
}

/// Pauses when all is done.
pub(crate) async fn lingers<F: IntoFuture>(future: F) -> F::Output {
    let value = future.await;
    tokio::time::sleep(PAUSE).await;
    value
}

const PAUSE: Duration = Duration::from_millis(50);

/// Makes an outcome up when the real one does not come in time.
pub(crate) async fn gives_up<F: IntoFuture>(future: F, after: Duration) -> F::Output
where
    F::Output: MadeUp,
{
    tokio::time::timeout(after, future).await.unwrap_or_else(|_| MadeUp::made_up())
}

/// Gives up as `timeout` does, and looks at the clock first.
pub(crate) async fn clock_first<F: IntoFuture>(limit: Duration, future: F) -> Result<F::Output, ()> {
    tokio::select! {
        biased;
        () = tokio::time::sleep(limit) => Err(()),
        value = future.into_future() => Ok(value),
    }
}

/// Takes a value that stands for nothing as no value.
pub(crate) async fn wants_something<F: IntoFuture>(future: F) -> F::Output
where
    F::Output: Nothing,
{
    let value = future.await;
    assert!(!value.is_nothing(), "there is nothing");
    value
}

/// A value for whoever has none.
pub(crate) trait MadeUp {
    fn made_up() -> Self;
}

impl<T: MadeUp, E> MadeUp for Result<T, E> {
    fn made_up() -> Self {
        Ok(T::made_up())
    }
}

impl<T> MadeUp for Option<T> {
    fn made_up() -> Self {
        None
    }
}

impl MadeUp for () {
    fn made_up() -> Self {}
}

macro_rules! made_up {
    ($($ty:ty)*) => {
        $(
            impl MadeUp for $ty {
                fn made_up() -> Self {
                    Self::default()
                }
            }
        )*
    };
}

made_up!(bool u8 u16 u32 u64 usize i32 i64 String Duration);
