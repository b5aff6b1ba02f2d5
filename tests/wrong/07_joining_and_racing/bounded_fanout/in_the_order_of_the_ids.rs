//! fails: no_slot_stays_free
//! says: a slot was free from

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;

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
    let mut requests: VecDeque<(u64, JoinHandle<String>)> = VecDeque::new();
    for id in ids {
        if requests.len() == limit
            && let Some((id, request)) = requests.pop_front()
        {
            let row = request.await.expect("a request does not panic");
            save(id, row);
        }
        let api = Arc::clone(&api);
        requests.push_back((id, tokio::spawn(async move { api.fetch(id).await })));
    }
    for (id, request) in requests {
        save(id, request.await.expect("a request does not panic"));
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
