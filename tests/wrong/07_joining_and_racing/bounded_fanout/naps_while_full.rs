//! fails: no_more_requests_than_allowed
//! says: it polls again and again

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
    let under_way = Arc::new(AtomicUsize::new(0));
    let mut requests = JoinSet::new();
    for id in ids {
        while under_way.load(Ordering::SeqCst) == limit {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        while let Some(done) = requests.try_join_next() {
            let (id, row) = done.expect("a request does not panic");
            save(id, row);
        }
        under_way.fetch_add(1, Ordering::SeqCst);
        let (api, under_way) = (Arc::clone(&api), Arc::clone(&under_way));
        requests.spawn(async move {
            let row = api.fetch(id).await;
            under_way.fetch_sub(1, Ordering::SeqCst);
            (id, row)
        });
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
