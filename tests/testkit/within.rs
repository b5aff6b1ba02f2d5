//! A limit for futures that are polled again and again, and a change of tasks for those that keep a waker.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::time::sleep;

/// Carries a future out, and gives it up when it is not done after `polls` polls: then there is no output.
///
/// A future that waits is polled once for each time that it is woken. One that asks in circles, with short sleeps or by
/// waking itself, is polled without end; within [`vt`](crate::vt) it would go on for as long as the virtual time lasts.
///
/// ```
/// use std::time::Duration;
/// use testkit::{vt, within_polls};
/// use tokio::time::sleep;
///
/// let day = Duration::from_secs(24 * 60 * 60);
/// assert_eq!(vt(within_polls(2, async { sleep(day).await; 7 })), (Some(7), day));
///
/// let asks = async {
///     loop {
///         sleep(Duration::from_millis(10)).await;
///     }
/// };
/// assert_eq!(vt(within_polls(100, asks)).0, None::<()>);
/// ```
pub async fn within_polls<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

/// Carries a future out that two tasks poll in turns: first one that nobody can wake, then the caller. Nothing has happened
/// between these two polls, and the waker of the second one counts. `name` is what a learner calls the future.
///
/// ```
/// use std::time::Duration;
/// use testkit::{handed_on, vt};
///
/// vt(handed_on("`nap`", 3, async { tokio::time::sleep(Duration::from_secs(3600)).await }));
/// ```
///
/// # Panics
/// When it is never woken then, and when it is not done after `polls` polls.
pub async fn handed_on<F: Future>(name: &str, polls: usize, future: F) -> F::Output {
    let mut future = pin!(future);
    // Looked at first: on its last poll, a future that nobody woke would find that it is done.
    let mut never = pin!(sleep(NEVER));
    let both = poll_fn(|context| {
        if never.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        // Each time, not only the first: what a poll starts, a timer for example, knows the waker of that poll.
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return Poll::Ready(Some(output));
        }
        future.as_mut().poll(context).map(Some)
    });
    match within_polls(polls, both).await {
        Some(Some(output)) => output,
        None => panic!(
            "{name} was polled twice in a row while it had to wait, and then again and again, {polls} times: after \
             the second poll, it keeps asking in a loop. A poll that finds nothing returns `Pending`, and the task \
             is woken when there is something."
        ),
        Some(None) => panic!(
            "{name} was polled by one task, and then by another one, which was never woken. After each poll, the \
             waker that came with it counts, even for what an earlier poll has started, such as a timer."
        ),
    }
}

/// More than all waits of a test together, and less than Tokio's clock can count.
pub(crate) const NEVER: Duration = Duration::from_secs(700 * 24 * 3600);
