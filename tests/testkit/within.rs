//! A limit for futures that are polled again and again.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

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
