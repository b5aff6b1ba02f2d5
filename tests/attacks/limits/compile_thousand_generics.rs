//! attacks: lazy_call
//! expects: does_not_compile
//! needs: confinement
//! stopped by: limits-compile,limits-memory
//!
//! A program whose code grows by four with each of twelve levels: millions of functions.

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
}

trait Level {
    fn go<T: 'static>() -> usize;
}

struct End;
struct Next<L>(L);
struct A<T>(T);
struct B<T>(T);
struct C<T>(T);
struct D<T>(T);

impl Level for End {
    fn go<T: 'static>() -> usize {
        std::any::type_name::<T>().len()
    }
}

impl<L: Level> Level for Next<L> {
    fn go<T: 'static>() -> usize {
        L::go::<A<T>>() + L::go::<B<T>>() + L::go::<C<T>>() + L::go::<D<T>>()
    }
}

type Three<L> = Next<Next<Next<L>>>;

pub fn start() -> usize {
    Three::<Three<Three<Three<End>>>>::go::<()>()
}

fn main() {}
