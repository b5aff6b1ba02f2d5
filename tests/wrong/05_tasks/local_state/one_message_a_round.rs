//! fails: feeds_are_read_at_the_same_time
//! says: At most 1 of 3 feeds were being read at the same time
//!
//! No tasks, every feed is asked for one message in its turn: the turn of a slow feed holds up all others.

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
    runtime.block_on(async {
        let mut stats = Stats::default();
        let mut open = feeds;
        while !open.is_empty() {
            let mut still_open = Vec::new();
            for mut feed in open {
                if let Some(size) = feed.next().await {
                    stats.messages += 1;
                    stats.bytes += size;
                    still_open.push(feed);
                }
            }
            open = still_open;
        }
        stats
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
