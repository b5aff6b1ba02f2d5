//! A call that is dropped wherever it can be: before its first poll, and at each place where it waits.

use std::cell::Cell;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};

use tokio::time::sleep;

use crate::activity::lock;
use crate::harness::stage;
use crate::panics::panic_of;
use crate::rest::Woken;
use crate::time::vt;
use crate::timed::panicked;
use crate::within::NEVER;

/// Runs `case` again and again, each time within a [`vt`] of its own, and drops a call in it at another point: before its first
/// poll, then each time that it waits, and each time that it has been woken and is about to be polled. It ends with the case in
/// which the call is ready before it could be dropped, or nothing wakes it any more, and gives the number of its polls.
///
/// `case` makes everything anew, hands the call over to [`Cut::off`], and looks at what is left. `name` is what a learner calls
/// the function. `most` is more than it has polls.
///
/// ```
/// use std::cell::Cell;
/// use testkit::dropped_at_each_poll;
/// use tokio::task::yield_now;
///
/// let polls = dropped_at_each_poll("`pay`", 9, async |cut| {
///     let (ours, theirs) = (Cell::new(10), Cell::new(0));
///     let done = cut
///         .off(async {
///             yield_now().await;
///             ours.set(9);
///             theirs.set(1);
///             yield_now().await;
///         })
///         .await;
///     assert_eq!(ours.get() + theirs.get(), 10, "`pay` was {}", cut.said());
///     assert!(done.is_none() || theirs.get() == 1);
/// });
/// assert_eq!(polls, 3);
/// ```
///
/// What a collaborator of the call does while it waits is the test's business: [`Services`](crate::Services) wait in virtual time,
/// an [`Incoming`](crate::Incoming) in front of each piece, `yield_now` for a moment.
///
/// # Panics
/// When the call panics or is not done after `most` polls, with a text for the learner, and when `case` never hands over a call.
#[track_caller]
pub fn dropped_at_each_poll(name: &str, most: usize, mut case: impl AsyncFnMut(&Cut)) -> usize {
    for polls in 0..=most {
        for moment in [Moment::Waiting, Moment::Woken] {
            if polls == 0 && moment == Moment::Woken {
                continue;
            }
            let cut = Cut { name: name.to_owned(), polls, moment, made: Cell::new(0), end: Cell::new(None) };
            stage(format!("{name} is {}", cut.said()));
            vt(case(&cut));
            match cut.end.get() {
                Some(End::Cut) => {}
                Some(End::Done | End::Asleep) => return cut.made.get(),
                None => panic!("The case of {name} passed no call to `Cut::off`."),
            }
        }
    }
    panic!(
        "{name} was polled {most} times, but was not done: it asks again and again. A future that has to wait \
         returns `Pending`, and is polled again after it has been woken."
    )
}

/// Where a case of [`dropped_at_each_poll`] drops its call.
pub struct Cut {
    name: String,
    polls: usize,
    moment: Moment,
    /// Polls of the call so far.
    made: Cell<usize>,
    end: Cell<Option<End>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// Right after a poll.
    Waiting,
    /// When it has been woken after it, in place of the next poll.
    Woken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Cut,
    Done,
    Asleep,
}

impl Cut {
    /// Carries the call out to the point of this case and drops it there: then there is no output, and its destructors have run.
    /// A call that is done before has its output. Each poll of it follows a wake of its own.
    ///
    /// # Panics
    /// When the call panics, with a text for the learner.
    pub async fn off<F: Future>(&self, call: F) -> Option<F::Output> {
        let mut call = Box::pin(call);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(Arc::clone(&woken));
        self.made.set(0);
        let carried = poll_fn(|context| {
            *lock(&woken.task) = Some(context.waker().clone());
            let made = self.made.get();
            if made > 0 && !woken.flag.swap(false, Ordering::SeqCst) {
                return Poll::Pending;
            }
            if made == self.polls {
                return Poll::Ready((End::Cut, None));
            }
            self.made.set(made + 1);
            match panic_of(|| call.as_mut().poll(&mut Context::from_waker(&waker))) {
                Ok(Poll::Ready(output)) => Poll::Ready((End::Done, Some(output))),
                Ok(Poll::Pending) if made + 1 == self.polls && self.moment == Moment::Waiting => {
                    Poll::Ready((End::Cut, None))
                }
                Ok(Poll::Pending) => Poll::Pending,
                Err(text) => panic!("{}", panicked(&self.name, &text)),
            }
        });
        // The timer first: when the time is up, a poll would rescue a call that nobody has woken.
        let (end, output) = tokio::select! {
            biased;
            () = sleep(NEVER) => (End::Asleep, None),
            ended = carried => ended,
        };
        drop(call);
        self.end.set(Some(end));
        output
    }

    /// How many polls the call has before it is dropped.
    #[must_use]
    pub fn polls(&self) -> usize {
        self.polls
    }

    /// When the call is dropped, as a part of a sentence: `dropped after 3 polls, while it waited`.
    #[must_use]
    pub fn said(&self) -> String {
        let after = match self.polls {
            0 => return "dropped before its first poll".to_owned(),
            1 => "dropped after 1 poll".to_owned(),
            polls => format!("dropped after {polls} polls"),
        };
        match self.moment {
            Moment::Waiting => format!("{after}, while it waited"),
            Moment::Woken => format!("{after}, when it had been woken but not polled yet"),
        }
    }
}

impl fmt::Debug for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cut")
            .field("polls", &self.polls)
            .field("moment", &self.moment)
            .finish_non_exhaustive()
    }
}
