//! fails: the_ids_are_read_one_at_a_time
//! says: it reads an id when there is room

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
    let mut ids = ids.fuse();
    loop {
        // A chunk of ids for each read of the file.
        let chunk: Vec<_> = ids.by_ref().take(50).collect();
        if chunk.is_empty() {
            break;
        }
        for id in chunk {
            if requests.len() == limit
                && let Some(done) = requests.join_next().await
            {
                let (id, row) = done.expect("a request does not panic");
                save(id, row);
            }
            let api = Arc::clone(&api);
            requests.spawn(async move { (id, api.fetch(id).await) });
        }
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
