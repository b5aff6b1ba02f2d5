//! fails: every_message_is_counted
//! says: Nothing drives your `LocalSet`
//!
//! The tasks are in the set, and nobody polls the set.

use std::cell::RefCell;
use std::rc::Rc;

use tokio::runtime::Builder;

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
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    runtime.block_on(async {
        let mut tasks = Vec::new();
        for mut feed in feeds {
            let stats = Rc::clone(&stats);
            tasks.push(local.spawn_local(async move {
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
