//! By hand: a list of futures that is polled as a whole. Quick for small limits.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

/// The partner's API. Its requests do not panic. Tests bring their own.
pub trait Api: Send + Sync + 'static {
    fn fetch(&self, id: u64) -> impl Future<Output = String> + Send;
}

type Request = Pin<Box<dyn Future<Output = (u64, String)> + Send>>;

/// Returns when all rows are saved.
pub async fn backfill<A: Api>(
    ids: impl Iterator<Item = u64>,
    limit: usize,
    api: Arc<A>,
    mut save: impl FnMut(u64, String),
) {
    let mut ids = ids.fuse();
    let mut requests: Vec<Request> = Vec::new();
    poll_fn(|context| {
        loop {
            let mut at = 0;
            while at < requests.len() {
                match requests[at].as_mut().poll(context) {
                    Poll::Ready((id, row)) => {
                        drop(requests.swap_remove(at));
                        save(id, row);
                    }
                    Poll::Pending => at += 1,
                }
            }
            // What begins now has to be polled as well.
            let before = requests.len();
            requests.extend(ids.by_ref().take(limit - before).map(|id| {
                let api = Arc::clone(&api);
                Box::pin(async move { (id, api.fetch(id).await) }) as _
            }));
            if requests.is_empty() {
                return Poll::Ready(());
            }
            if requests.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
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
