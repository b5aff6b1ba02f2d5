//! A wrapper that watches how any future is polled.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::thread::ThreadId;
use std::time::Duration;

use crate::record::Record;

/// A future around another, which notes how it is treated. It is `Unpin`, whatever it wraps.
///
/// ```
/// use testkit::Probe;
///
/// let (future, probe) = Probe::new(async { tokio::task::yield_now().await });
/// testkit::rt(future);
/// assert_eq!((probe.polls(), probe.finished()), (2, true));
/// ```
#[must_use = "futures do nothing unless polled"]
pub struct Probe<F> {
    future: Option<Pin<Box<F>>>,
    record: Arc<Record>,
}

impl<F> Probe<F> {
    /// The watched future, and the view of what happens to it.
    pub fn new(future: F) -> (Self, ProbeHandle) {
        let record = Arc::new(Record::new());
        let handle = ProbeHandle { record: Arc::clone(&record) };
        (Self { future: Some(Box::pin(future)), record }, handle)
    }
}

impl<F: Future> Future for Probe<F> {
    type Output = F::Output;

    #[track_caller]
    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        let address = (&raw const *this).addr();
        let _polling = this.record.poll(address, context.waker());
        let future = this.future.as_mut().expect("taken by drop only");
        let poll = future.as_mut().poll(context);
        if poll.is_ready() {
            this.record.ready();
        }
        poll
    }
}

impl<F> Drop for Probe<F> {
    fn drop(&mut self) {
        // It is gone when its destructors are done.
        self.future = None;
        self.record.dropped();
    }
}

impl<F> fmt::Debug for Probe<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Probe").finish_non_exhaustive()
    }
}

/// What happened to the future in a [`Probe`].
#[derive(Clone)]
pub struct ProbeHandle {
    record: Arc<Record>,
}

impl ProbeHandle {
    /// How often it was polled.
    #[must_use]
    pub fn polls(&self) -> usize {
        self.record.polls()
    }

    /// Whether it was ever polled while another poll of it was going on, on any thread.
    #[must_use]
    pub fn concurrent(&self) -> bool {
        self.record.concurrent()
    }

    /// The threads that polled it, each once, in the order of their first poll.
    #[must_use]
    pub fn threads(&self) -> Vec<ThreadId> {
        self.record.threads()
    }

    /// Whether it returned `Ready`.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.record.is_ready()
    }

    /// Whether it was dropped, finished or not.
    #[must_use]
    pub fn dropped(&self) -> bool {
        self.dropped_at().is_some()
    }

    /// When it was dropped: virtual time since [`Probe::new`], counted as in a [`Log`](crate::Log).
    #[must_use]
    pub fn dropped_at(&self) -> Option<Duration> {
        self.record.dropped_at()
    }

    /// Whether the waker of its latest poll is this one, in the sense of `Waker::will_wake`.
    #[must_use]
    pub fn polled_with(&self, waker: &Waker) -> bool {
        self.record.polled_with(waker)
    }
}

impl fmt::Debug for ProbeHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProbeHandle").field("polls", &self.polls()).finish_non_exhaustive()
    }
}
