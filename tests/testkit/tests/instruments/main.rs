//! Every instrument is shown to detect what it is for, and to stay silent on good behaviour.

mod alone;
mod backlog;
mod copies;
mod dropped;
mod gate;
mod inflight;
mod jostle;
mod log;
mod long_wait;
mod panics;
mod probe;
mod rest;
mod script;
mod services;
mod settle;
mod side_by_side;
mod tap;
mod time;
mod timed;
mod timeline;
mod together;
mod waker;
mod wire;
mod within;
