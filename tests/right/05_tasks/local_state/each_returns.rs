//! Each local task counts for itself and returns its numbers; nothing is shared.

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
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async {
        let mut tasks = tokio::task::JoinSet::new();
        for mut feed in feeds {
            tasks.spawn_local(async move {
                let mut stats = Stats::default();
                while let Some(size) = feed.next().await {
                    stats.messages += 1;
                    stats.bytes += size;
                }
                stats
            });
        }
        let mut total = Stats::default();
        while let Some(stats) = tasks.join_next().await {
            let stats = stats.unwrap();
            total.messages += stats.messages;
            total.bytes += stats.bytes;
        }
        total
    })
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
