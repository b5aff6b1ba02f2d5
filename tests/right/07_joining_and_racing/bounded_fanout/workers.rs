//! As many workers as the limit allows. Each asks for the next id when it is done with one.

use std::cell::RefCell;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;

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
    let (ids, save) = (RefCell::new(ids.fuse()), RefCell::new(&mut save));
    let worker = async || {
        loop {
            // The guard of the `RefCell` must be gone before the `.await`.
            let next = ids.borrow_mut().next();
            let Some(id) = next else { break };
            let row = api.fetch(id).await;
            (*save.borrow_mut())(id, row);
        }
    };
    let mut workers: Vec<_> = (0..limit).map(|_| Some(Box::pin(worker()))).collect();
    poll_fn(|context| {
        for worker in &mut workers {
            if let Some(working) = worker
                && working.as_mut().poll(context).is_ready()
            {
                *worker = None;
            }
        }
        if workers.iter().all(Option::is_none) { Poll::Ready(()) } else { Poll::Pending }
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
