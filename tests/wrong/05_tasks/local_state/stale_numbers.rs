//! fails: every_message_is_counted
//! says: you overwrite what others counted meanwhile

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
                loop {
                    // No borrow may live across the await.
                    let (messages, bytes) = {
                        let stats = stats.borrow();
                        (stats.messages, stats.bytes)
                    };
                    let Some(size) = feed.next().await else { break };
                    *stats.borrow_mut() = Stats { messages: messages + 1, bytes: bytes + size };
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
