//! A stand-in for learners' code, good and bad.

use std::io::{self, Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::pin::pin;
use std::task::{Context, Waker};

pub(crate) fn share(total: u32, people: u32) -> u32 {
    total / people
}

pub(crate) fn explode(message: &str) {
    panic!("{message}");
}

/// Exits as if all were well.
#[expect(clippy::disallowed_methods, reason = "the harness must survive it")]
pub(crate) fn leave_early() {
    println!("test passed\npassed");
    std::process::exit(0);
}

/// The channel to the grader, as safe code can reach it.
fn channel() -> UnixStream {
    UnixStream::from(io::stdin().as_fd().try_clone_to_owned().unwrap())
}

/// Claims to have passed, in every way it can think of, and exits.
pub(crate) fn forge() {
    let mut channel = channel();
    for claim in ["passed\n", "\n passed\n", "00000000000000000000000000000000 passed\n"] {
        channel.write_all(claim.as_bytes()).unwrap();
    }
    leave_early();
}

pub(crate) fn make_channel_nonblocking() {
    channel().set_nonblocking(true).unwrap();
}

/// What is left to read on standard input.
pub(crate) fn read_input() -> String {
    let mut input = String::new();
    io::stdin().read_to_string(&mut input).unwrap();
    input
}

pub(crate) fn replace_hook() {
    std::panic::set_hook(Box::new(|_| println!("hook of my own")));
}

/// A value that would end the process well if anybody dropped it.
pub(crate) struct Trap;

impl Drop for Trap {
    fn drop(&mut self) {
        leave_early();
    }
}

/// Polls on after `Ready`.
pub(crate) fn poll_too_often(future: impl Future<Output = ()>) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
    let _ = future.as_mut().poll(&mut context);
}
