//! Two calls at once, of which one has more to wait for than the other.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::task::Poll;

use tokio::time::sleep;

use crate::within::{NEVER, within_polls};

/// Carries two calls out at the same time, of which `quick` has less to wait for in virtual time. `slow` is polled first: so
/// it has begun, and has whatever the two might share, when `quick` begins. `name` is what a learner calls the function.
///
/// ```
/// use std::time::Duration;
/// use testkit::{side_by_side, vt};
/// use tokio::time::sleep;
///
/// let nap = |hours: u64| async move { sleep(Duration::from_secs(3600 * hours)).await; hours };
/// assert_eq!(vt(side_by_side("`nap`", 9, nap(24), nap(1))).0, (24, 1));
/// ```
///
/// # Panics
/// When `quick` is not done before `slow`, when neither is ever done, and when they are not after `polls` polls.
pub async fn side_by_side<S: Future, Q: Future>(
    name: &str,
    polls: usize,
    slow: S,
    quick: Q,
) -> (S::Output, Q::Output) {
    let (mut slow, mut quick, mut never) = (pin!(slow), pin!(quick), pin!(sleep(NEVER)));
    let (mut first, mut early) = (true, None);
    let both = poll_fn(|context| {
        if never.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        if mem::take(&mut first)
            && let Poll::Ready(output) = slow.as_mut().poll(context)
        {
            return Poll::Ready(Some(output));
        }
        // From now on `quick` comes first: in a turn that ends `slow`, it could have what that has just given back.
        if early.is_none()
            && let Poll::Ready(output) = quick.as_mut().poll(context)
        {
            early = Some(output);
        }
        slow.as_mut().poll(context).map(Some)
    });
    let Some(done) = within_polls(polls, both).await else {
        panic!(
            "Two calls of {name} were under way at the same time, and were polled {polls} times: they keep asking in \
             a loop. A poll that finds nothing returns `Pending`, and the task is woken when there is something."
        );
    };
    let done = done.unwrap_or_else(|| {
        panic!(
            "Two calls of {name} were under way at the same time, and at least one of them never returns. A single \
             call does: whatever all calls share must not hold one of them up."
        )
    });
    let early = early.unwrap_or_else(|| {
        panic!(
            "Two calls of {name} were under way at the same time, and the second one, which has far less to wait \
             for, was not done before the first. A call waits for its own work and for nothing else: whatever all \
             calls share must not hold one of them up."
        )
    });
    (done, early)
}
