//! fails: dropping_it_cancels_its_requests
//! says: still under way afterwards

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

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
    let (arrived, mut rows) = mpsc::unbounded_channel();
    let mut under_way = 0;
    for id in ids {
        if under_way == limit {
            let (id, row) = rows.recv().await.expect("a sender is alive");
            save(id, row);
            under_way -= 1;
        }
        let (api, arrived) = (Arc::clone(&api), arrived.clone());
        under_way += 1;
        tokio::spawn(async move {
            let row = api.fetch(id).await;
            let _ = arrived.send((id, row));
        });
    }
    drop(arrived);
    while let Some((id, row)) = rows.recv().await {
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
