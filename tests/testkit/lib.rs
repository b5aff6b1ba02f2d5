//! What hidden tests are written with: instruments that watch the behaviour of asynchronous code (order, polls,
//! wakes, virtual time, drops) instead of its wall-clock time or its text.
//!
//! | to see | use |
//! |---|---|
//! | what happened, in which order, when | [`Log`], [`DropLog`] |
//! | how long it took in virtual time | [`vt`]; [`timed`] for one call, with the texts for one that never returns |
//! | how a future is polled | [`Script`] (scripted), [`Probe`] (around any future) |
//! | whether the waker is kept, woken, let go | [`CountingWaker`] |
//! | how many run at once | [`InFlight`] |
//! | what the code does with requests that take their time: begun when, done, cancelled, kept waiting | [`Services`] |
//! | what a call leaves behind when it is dropped, wherever that is | [`dropped_at_each_poll`] |
//! | how many are between the two ends of a queue | [`Backlog`] |
//! | how the code reads from a connection: pieces, pauses, an end or an error at any byte | [`Incoming`] |
//! | what it writes into a connection, flushes, and shuts down | [`Outgoing`] |
//! | what went through a connection, whether it was shut down, and whether it is still there | [`Tap`] |
//! | how often a value is cloned, and how many of it exist | [`Copies`] |
//! | whether somebody waits as a future waits: as long as it takes, without holding the thread, without asking again | [`Patience`] |
//! | what the learner is to see: who waited beside whom, as a drawing | [`Timeline`] |
//! | whether a thread sleeps, naps or spins | [`Effort`], [`compete`] |
//! | whether a blocking call sleeps until it is woken | [`Blocked`] |
//! | whether a lock is held just now; what happens in the middle of a poll | [`elsewhere`] |
//! | whether memory grows | [`fresh_pages`] |
//! | how often memory is asked for, and how much is held at once | [`allocations`], [`allocations_of`] |
//! | what happens before and after an event | [`Gate`], [`Signal`] |
//! | whether everything else is idle | [`settle`] |
//! | whether a future asks in circles in place of waiting | [`within_polls`] |
//! | whether the newest waker counts | [`handed_on`] |
//! | whether one call waits for another | [`side_by_side`] |
//! | how each of many calls ends, and when | [`together`]; [`alone`] for one that is awaited where it stands |
//! | what comes of it when threads come in between each other | [`jostle`] |
//! | whether it naps, spins or gives up while it waits, however long | [`long_wait`] |
//! | whether it sleeps until it is woken, and by which waker | [`Sleeper`] |
//! | whether a task, whichever it is, keeps the runtime from coming to rest | [`to_its_end`], [`silence`] |
//! | that what did not come will never come | [`stalled`] |
//! | whether it panics, and with which text | [`panic_of`] |
//! | what the learner's program prints | [`program()`] |
//!
//! A hidden test is an ordinary integration test:
//!
//! ```
//! use std::time::Duration;
//! use testkit::{Log, vt};
//!
//! let log = Log::new();
//! let (_, took) = vt(async {
//!     tokio::time::sleep(Duration::from_secs(2)).await;
//!     log.push("done");
//! });
//! assert!(took == Duration::from_secs(2), "It slept {took:?}, wanted 2 s.");
//! assert!(log.timed() == [("done".to_owned(), Duration::from_secs(2))]);
//! ```

#![deny(unsafe_code)]

mod activity;
mod allocations;
mod alone;
mod backlog;
mod blocked;
mod checks;
mod copies;
mod dropped;
mod effort;
mod elsewhere;
mod gate;
pub mod harness;
mod inflight;
mod jostle;
mod log;
mod long_wait;
mod memory;
mod message;
mod panics;
mod patience;
mod pick;
mod probe;
mod program;
mod raw_waker;
mod record;
mod rest;
mod script;
mod services;
mod side_by_side;
mod signal;
mod stopwatch;
mod system;
mod tap;
mod time;
mod timed;
mod timeline;
mod together;
mod waker;
mod wire;
mod within;
mod words;

pub use allocations::{Allocations, allocations, allocations_of};
pub use alone::alone;
pub use backlog::Backlog;
pub use blocked::{Blocked, Noted, Rest, Woken};
#[doc(hidden)]
pub use checks::mismatch;
pub use checks::{assert_send, assert_static, poll_once};
pub use copies::{Copies, Counted};
pub use dropped::{Cut, dropped_at_each_poll};
pub use effort::{Effort, compete};
pub use elsewhere::{Elsewhere, elsewhere};
pub use gate::{Gate, GateWait};
pub use harness::stage;
pub use inflight::{InFlight, InFlightGuard};
pub use jostle::{Jostled, jostle};
pub use log::{DropLog, Log};
pub use long_wait::{Sleeper, Waited, long_wait, stalled};
pub use memory::fresh_pages;
pub use panics::panic_of;
pub use patience::{Impatience, Patience};
pub use pick::pick;
pub use probe::{Probe, ProbeHandle};
pub use program::{Output, Program, program};
pub use rest::{Unrest, silence, to_its_end};
pub use script::{Script, ScriptProbe, Step, Wake};
pub use services::{Called, Seen, Services};
pub use side_by_side::side_by_side;
pub use signal::Signal;
pub use tap::{Tap, TapProbe};
pub use time::{advance, rt, settle, vt};
pub use timed::{Timed, timed};
pub use timeline::{Lane, Timeline, Watched};
pub use together::{Call, Ended, together};
pub use waker::CountingWaker;
pub use wire::{Incoming, IncomingProbe, Outgoing, OutgoingProbe, WireEnd};
pub use within::{handed_on, within_polls};
pub use words::{counted, in_words};
