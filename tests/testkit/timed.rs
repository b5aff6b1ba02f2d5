//! A call of the learner's function in virtual time, and what goes wrong with any such call.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::panics::panic_of;
use crate::within::NEVER;
use crate::words::in_words;

/// A call that has returned.
pub struct Timed<T> {
    /// What it returned.
    pub output: T,
    /// The virtual time that it took.
    pub took: Duration,
    /// How often it was polled.
    pub polls: usize,
    /// The longest of its polls, by the machine's clock. For the choice of a message: a busy machine makes any poll long.
    pub longest_poll: Duration,
}

/// Awaits a call within [`vt`](crate::vt), with at most so many polls. `name` is what a learner calls the function.
///
/// ```
/// use std::time::Duration;
/// use testkit::{timed, vt};
/// use tokio::time::sleep;
///
/// let day = Duration::from_secs(24 * 3600);
/// let call = vt(timed("`nap`", 2, async { sleep(day).await; 7 })).0.unwrap();
/// assert_eq!((call.output, call.took, call.polls), (7, day, 2));
///
/// let told = vt(timed("`nap`", 9, async { loop { sleep(Duration::from_millis(10)).await } })).0.unwrap_err();
/// assert!(told.starts_with("`nap` was polled 9 times in 90 ms, but was not done"), "{told}");
/// ```
///
/// # Errors
/// With a text for the learner: when the call panics, when it asks again and again, and when it does not return in 700 days.
pub async fn timed<F: Future>(name: &str, most: usize, future: F) -> Result<Timed<F::Output>, String> {
    let mut future = pin!(future);
    let start = Instant::now();
    let (mut polls, mut longest_poll) = (0, Duration::ZERO);
    // The time of the latest poll, and the polls at that time.
    let (mut latest, mut at_once) = (start, 0);
    let call = poll_fn(|context| {
        let now = Instant::now();
        if polls == most {
            return Poll::Ready(Err(restless(name, polls, now - start, at_once)));
        }
        polls += 1;
        at_once = if now == latest { at_once + 1 } else { 1 };
        latest = now;
        let begun = std::time::Instant::now();
        let poll = panic_of(|| future.as_mut().poll(context));
        longest_poll = longest_poll.max(begun.elapsed());
        match poll {
            Ok(poll) => poll.map(Ok),
            Err(text) => Poll::Ready(Err(panicked(name, &text))),
        }
    });
    // The timer first: when the time is up, a poll would rescue a call that nobody has woken.
    let output = tokio::select! {
        biased;
        () = sleep(NEVER) => Err(format!(
            "{name} had not returned after {}, by the clock of this test. It waits for something that never comes.",
            in_words(NEVER)
        )),
        output = call => output,
    }?;
    Ok(Timed { output, took: start.elapsed(), polls, longest_poll })
}

fn restless(name: &str, polls: usize, took: Duration, at_once: usize) -> String {
    if at_once > polls / 2 {
        return format!(
            "{name} was polled {at_once} times in a row while no time passed, but was not done: it asks again and \
             again. Await what you wait for, a timer for example, and you are woken when it is ready."
        );
    }
    format!(
        "{name} was polled {polls} times in {}, but was not done: it wakes up again and again to check. A timer \
         wakes a task once, at its deadline.",
        in_words(took)
    )
}

/// Words for a call that has panicked with this text.
pub(crate) fn panicked(name: &str, text: &str) -> String {
    if text.contains("from within a runtime") {
        return format!(
            "{name} blocks the thread of the runtime that it runs on, and Tokio panics. In async code, wait with \
             `.await`. ({text})"
        );
    }
    if text.contains("can call blocking only") {
        return format!(
            "{name} blocks the only thread of the runtime that it runs on, and Tokio panics. In async code, wait \
             with `.await`. ({text})"
        );
    }
    format!("{name} panicked: {text}")
}

impl<T> fmt::Debug for Timed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Timed").field("took", &self.took).field("polls", &self.polls).finish_non_exhaustive()
    }
}
