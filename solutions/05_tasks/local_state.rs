//! `tally` counts what comes in over several feeds that are not thread-safe.
//!
//! Why one thread was not enough for the compiler: `tokio::spawn` does not know on which runtime it will be called. Its
//! signature says that the task may move, so it requires `Send`, even on a current-thread runtime. A `LocalRuntime`
//! makes a different promise: its tasks stay on the thread that it lives on. So `spawn_local` takes any future, and an
//! `Rc` costs no atomics and no lock. Inside a runtime that already exists, a `LocalSet` does the same: it keeps local
//! tasks and polls them while it is polled itself, with `local.run_until(…).await` or `local.await`.
//!
//! `RefCell` is safe here for one reason: on one thread, another task runs only at an `.await`, and there is none
//! between `borrow_mut` and the end of the borrow. With a borrow that lives across an await, the program will panic
//! some day, when it is busy.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::runtime::LocalRuntime;
use tokio::task::spawn_local;

#[derive(Debug, Default, PartialEq)]
pub struct Stats {
    pub messages: u32,
    pub bytes: u64,
}

/// The size of the next message; `None` at the end. Tests bring their own.
pub trait Feed {
    fn next(&mut self) -> impl Future<Output = Option<u64>>;
}

pub fn tally<F: Feed + 'static>(feeds: Vec<F>) -> Stats {
    let stats = Rc::new(RefCell::new(Stats::default()));
    let runtime = LocalRuntime::new().unwrap();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for mut feed in feeds {
            let stats = Rc::clone(&stats);
            tasks.push(spawn_local(async move {
                // The borrow begins after the wait, and ends with each iteration.
                while let Some(size) = feed.next().await {
                    let mut stats = stats.borrow_mut();
                    stats.messages += 1;
                    stats.bytes += size;
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
    stats.take()
}

struct Ticker(Vec<u64>);

impl Feed for Ticker {
    async fn next(&mut self) -> Option<u64> {
        tokio::task::yield_now().await;
        self.0.pop()
    }
}

fn main() {
    println!("{:?}", tally(vec![Ticker(vec![120, 80]), Ticker(vec![7]), Ticker(vec![])]));
}
