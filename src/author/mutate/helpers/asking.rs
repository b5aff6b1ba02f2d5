//! What asks in circles.

use std::task::Waker;
use std::time::{Duration, Instant};

/// Asks again and again, and gets tired: after a while it sleeps between two questions, which is as busy as ever for a
/// runtime, and costs the machine little.
#[derive(Default)]
pub(crate) struct Asking {
    since: Option<Instant>,
}

impl Asking {
    pub(crate) const fn new() -> Self {
        Self { since: None }
    }

    pub(crate) fn again(&mut self, waker: &Waker) {
        self.rest();
        waker.wake_by_ref();
    }

    #[cfg_attr(test, expect(clippy::disallowed_methods, reason = "a mutant may do what no test may"))]
    pub(crate) fn rest(&mut self) {
        if self.since.get_or_insert_with(Instant::now).elapsed() > Duration::from_millis(300) {
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
