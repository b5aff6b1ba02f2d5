//! fails: any_number_of_ids
//! says: At most 8 of
//!
//! A limit that is written down in the code.

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
        if requests.len() == 8.max(limit.min(1))
            && let Some(done) = requests.join_next().await
        {
            let (id, row) = done.expect("a request does not panic");
            save(id, row);
        }
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
