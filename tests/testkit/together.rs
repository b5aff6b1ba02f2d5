//! Many calls at once, each in a task of its own: how each of them ended, and when.

use std::fmt;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::panics;
use crate::within::{NEVER, within_polls};
use crate::words::in_words;

/// One call of [`together`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call<T> {
    /// How it ended.
    pub ended: Ended<T>,
    /// The virtual time from [`together`] to its end.
    pub after: Duration,
}

/// How a call of [`together`] ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended<T> {
    /// It returned.
    Returned(T),
    /// It panicked, with this text.
    Panicked(String),
    /// It was not done after as many polls as the test allows, so it polls in a loop.
    Restless,
    /// It was not done after 700 days: nothing will wake it.
    Stuck,
}

/// Spawns all calls in their order, each as a task of its own, and waits for all of them, within [`vt`](crate::vt). Each may be
/// polled `polls` times.
///
/// ```
/// use std::time::Duration;
/// use testkit::{Ended, together, vt};
/// use tokio::time::sleep;
///
/// let nap = |hours: u64| async move { sleep(Duration::from_secs(3600 * hours)).await; hours };
/// let (calls, took) = vt(together(9, [nap(2), nap(1)]));
/// assert_eq!(calls[1].ended, Ended::Returned(1));
/// assert_eq!((calls[1].after, took), (Duration::from_secs(3600), 2 * Duration::from_secs(3600)));
/// ```
pub async fn together<F>(polls: usize, calls: impl IntoIterator<Item = F>) -> Vec<Call<F::Output>>
where
    F: Future<Output: Send> + Send + 'static,
{
    let start = Instant::now();
    let spawned = calls.into_iter().map(|call| {
        tokio::spawn(async move {
            // Not `timeout`: that polls once more when the time is up, and would rescue a future that nobody woke.
            let ended = tokio::select! {
                biased;
                () = sleep(NEVER) => Ended::Stuck,
                done = within_polls(polls, call) => done.map_or(Ended::Restless, Ended::Returned),
            };
            Call { ended, after: start.elapsed() }
        })
    });
    let mut ended = Vec::new();
    for task in spawned.collect::<Vec<_>>() {
        ended.push(task.await.unwrap_or_else(|error| Call {
            ended: Ended::Panicked(panics::text(error.into_panic())),
            after: start.elapsed(),
        }));
    }
    ended
}

impl<T> Call<T> {
    /// What it has returned. `name` is what a learner calls the function.
    ///
    /// # Panics
    /// When it ended in another way, with a text for the learner.
    #[track_caller]
    pub fn returned(self, name: &str) -> T {
        self.check(name);
        match self.ended {
            Ended::Returned(output) => output,
            _ => unreachable!("it has been checked"),
        }
    }

    /// How and when it ended, as a part of a sentence for the learner: `returned Ok(7) after 60 min`, `never returned`.
    #[must_use]
    pub fn how(&self) -> String
    where
        T: fmt::Debug,
    {
        match &self.ended {
            Ended::Returned(output) => format!("returned {output:?} after {}", in_words(self.after)),
            Ended::Panicked(text) => format!("panicked with {text:?}"),
            Ended::Restless => "asked in a loop".to_owned(),
            Ended::Stuck => "never returned".to_owned(),
        }
    }

    /// Makes sure that it has returned.
    ///
    /// # Panics
    /// As [`returned`](Self::returned).
    #[track_caller]
    pub fn check(&self, name: &str) {
        match &self.ended {
            Ended::Returned(_) => {}
            Ended::Restless => panic!(
                "{name} was polled again and again while it had to wait: it asks in a loop. A future that has to \
                 wait returns `Pending`, and is woken when it can continue."
            ),
            Ended::Stuck => {
                panic!("{name} never returned. It still waits, and nothing is left that could wake it.")
            }
            Ended::Panicked(text)
                if text.contains("from within a runtime") || text.contains("can call blocking only") =>
            {
                panic!(
                    "{name} blocked its thread, and the runtime needs that thread for other tasks. Async code waits with \
                     `.await`.\nThe panic was: {text}"
                )
            }
            Ended::Panicked(text) => panic!("{name} panicked: {text}"),
        }
    }
}
