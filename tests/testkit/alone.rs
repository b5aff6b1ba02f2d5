//! One call, awaited where it stands: how it ended, and when.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use tokio::time::{Instant, sleep};

use crate::panics::panic_of;
use crate::together::{Call, Ended};
use crate::within::{NEVER, within_polls};

/// Awaits one call within [`vt`](crate::vt), with at most so many polls. Unlike [`together`](crate::together()), it needs no task of
/// its own, so the call may borrow, and need not be `Send`. Unlike [`timed`](crate::timed()), it leaves the words to the test.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Ended, alone, vt};
/// use tokio::time::sleep;
///
/// let day = Duration::from_secs(24 * 3600);
/// let (call, _) = vt(alone(2, async { sleep(day).await; 7 }));
/// assert_eq!((call.ended, call.after), (Ended::Returned(7), day));
///
/// let (call, _) = vt(alone(2, std::future::pending::<()>()));
/// assert_eq!(call.ended, Ended::Stuck);
/// ```
pub async fn alone<F: Future>(polls: usize, call: F) -> Call<F::Output> {
    let start = Instant::now();
    let mut call = pin!(call);
    let call = poll_fn(|context| match panic_of(|| call.as_mut().poll(context)) {
        Ok(poll) => poll.map(Ended::Returned),
        Err(text) => Poll::Ready(Ended::Panicked(text)),
    });
    // Not `timeout`: that polls once more when the time is up, and would rescue a future that nobody woke.
    let ended = tokio::select! {
        biased;
        () = sleep(NEVER) => Ended::Stuck,
        ended = within_polls(polls, call) => ended.unwrap_or(Ended::Restless),
    };
    Call { ended, after: start.elapsed() }
}
