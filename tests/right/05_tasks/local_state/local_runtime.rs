//! A `LocalRuntime`, and a `JoinSet` of local tasks that each return what they counted.

use tokio::runtime::{Builder, LocalOptions};
use tokio::task::JoinSet;

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
    let runtime = Builder::new_current_thread().enable_all().build_local(LocalOptions::default()).unwrap();
    runtime.block_on(async {
        let mut readers = JoinSet::new();
        for feed in feeds {
            readers.spawn_local(read(feed));
        }
        let mut total = Stats::default();
        while let Some(stats) = readers.join_next().await {
            let stats = stats.unwrap();
            total.messages += stats.messages;
            total.bytes += stats.bytes;
        }
        total
    })
}

async fn read<F: Feed>(mut feed: F) -> Stats {
    let mut stats = Stats::default();
    while let Some(size) = feed.next().await {
        stats.messages += 1;
        stats.bytes += size;
    }
    stats
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
