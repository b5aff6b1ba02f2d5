//! What someone who looks at a running program may ask of it.

use std::pin::Pin;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Sleep, sleep};

use super::hang::{self, Sample};
use crate::system::family;
use crate::verdict::HangKind;

/// Something to ask of a program while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Interrupt it as Ctrl-C does: SIGINT to all of its processes. It may end, clean up first, or go on. Windows has no such
    /// thing for one program alone: there it is ended.
    Interrupt,
    /// Look whether it is asleep or busy. That takes a tenth of a second.
    Look,
}

/// The questions for one child, and where the answers go.
pub(in crate::grader) struct Asks<'a> {
    asks: UnboundedReceiver<Ask>,
    seen: &'a dyn Fn(HangKind),
    /// The first of two looks, and the time until the second.
    look: Option<(Sample, Pin<Box<Sleep>>)>,
}

impl<'a> Asks<'a> {
    pub(in crate::grader) fn new(asks: UnboundedReceiver<Ask>, seen: &'a dyn Fn(HangKind)) -> Self {
        Self { asks, seen, look: None }
    }

    /// Answers for ever. Nothing is lost when this future is dropped and made again.
    pub(in crate::grader) async fn answer(&mut self, group: Option<family::Id>, walled: bool) {
        let Some(group) = group else { return std::future::pending().await };
        loop {
            if let Some((before, time)) = &mut self.look {
                time.as_mut().await;
                // Who asks has seen no output for a while.
                (self.seen)(hang::explain(before, &hang::look(group, walled), 0).kind);
                self.look = None;
            }
            match self.asks.recv().await {
                // A group that is gone hears nothing, and its end is on its way.
                Some(Ask::Interrupt) => family::interrupt(group),
                Some(Ask::Look) => {
                    self.look = Some((hang::look(group, walled), Box::pin(sleep(hang::INTERVAL))));
                }
                None => std::future::pending().await,
            }
        }
    }
}
