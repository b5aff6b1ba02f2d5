//! fails: the_thread_rests_meanwhile
//! says: The feeds were polled again and again, but nothing had come in
//!
//! Goes around the feeds with a short timeout: asks in circles, drops `next` half-way (what it has done is lost),
//! and a slow feed holds up the others by its millisecond.

use std::time::Duration;

use tokio::runtime::Builder;
use tokio::time::timeout;

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
        let mut feeds = feeds;
        while !feeds.is_empty() {
            let mut i = 0;
            while i < feeds.len() {
                match timeout(Duration::from_millis(1), feeds[i].next()).await {
                    Ok(Some(size)) => {
                        stats.messages += 1;
                        stats.bytes += size;
                        i += 1;
                    }
                    Ok(None) => drop(feeds.swap_remove(i)),
                    // slow; look at the next one
                    Err(_) => i += 1,
                }
            }
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
