//! A backfill with a limit: as many requests under way as the partner allows, and no more.
//!
//! A `JoinSet` starts whatever it is given. It knows how many tasks it holds, though, and that number is the limit
//! here: while the set is full, the loop waits for one task, whichever ends first, and only then reads the next id. So
//! a slot is free for no longer than it takes to fill it again. Batches of `limit` would also keep the limit, but the
//! slowest request of each batch would hold up the next batch. Taking the rows out of the set as they arrive is what
//! keeps the memory small: a task that is done stays in its set, with its output, until `join_next` takes it out.
//!
//! The other good way to count is a `Semaphore`: wait for a permit before you read the next id, and move the permit
//! into the task, where it is dropped when the request is done. Take it when the limit belongs to the partner and not
//! to this loop, because several loops or handlers can share one semaphore. Then the loop has two things to wait for, a
//! permit and a row that arrives, and needs a `select!`. Here a single loop starts all requests, so counting the set is
//! enough.

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
        if requests.len() == limit
            && let Some(done) = requests.join_next().await
        {
            let (id, row) = done.expect("a request does not panic");
            save(id, row);
        }
        let api = Arc::clone(&api);
        requests.spawn(async move { (id, api.fetch(id).await) });
    }
    // No more ids: the last requests are still under way.
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
