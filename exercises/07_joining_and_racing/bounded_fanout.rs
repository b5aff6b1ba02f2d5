//! A backfill fetches one row for each id from a partner's API and saves it. The partner
//! allows `limit` requests at a time (1 to 10,000). `backfill` never has more requests under
//! way, and never fewer while there are ids left. It saves each row as soon as the row
//! arrives, in any order. The ids come from a file with millions of lines: `backfill` reads
//! an id when there is room for its request, and at most one id ahead.
//!
//! In `cargo run` the limit is 2, and 5 requests are under way at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

/// The partner's API. Its requests do not panic. Tests bring their own.
pub trait Api: Send + Sync + 'static {
    fn fetch(&self, id: u64) -> impl Future<Output = String> + Send;
}

/// Returns when all rows are saved.
pub async fn backfill<A: Api>(
    ids: impl Iterator<Item = u64>,
    limit: usize,
    api: Arc<A>,
    mut save: impl FnMut(u64, String),
) {
    let mut requests = JoinSet::new();
    for id in ids {
        let api = Arc::clone(&api);
        requests.spawn(async move { (id, api.fetch(id).await) });
    }
    while let Some(done) = requests.join_next().await {
        let (id, row) = done.expect("a request does not panic");
        save(id, row);
    }
}

#[derive(Default)]
struct Partner {
    under_way: AtomicUsize,
}

impl Api for Partner {
    async fn fetch(&self, id: u64) -> String {
        let now = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
        println!("request for {id}: {now} under way");
        tokio::time::sleep(Duration::from_millis(50 * id)).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        format!("row {id}")
    }
}

#[tokio::main]
async fn main() {
    backfill(1..=5, 2, Arc::new(Partner::default()), |id, row| println!("saved {id}: {row}")).await;
}
