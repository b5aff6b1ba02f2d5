//! Every instrument is shown to detect what it is for, and to stay silent on good behaviour.

mod backlog;
mod copies;
mod gate;
mod inflight;
mod log;
mod long_wait;
mod panics;
mod probe;
mod rest;
mod script;
mod settle;
mod side_by_side;
mod time;
mod timeline;
mod waker;
mod within;
