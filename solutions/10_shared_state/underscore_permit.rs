//! A shop asks its carrier where parcels are, and keeps to the number of requests that the carrier allows.
//!
//! Why 40 requests were under way: `let _ = …` does not bind. The permit that `acquire` gave was a temporary, and was
//! dropped at the end of the same statement, before the task began. The compiler warns of that for the guards of std
//! locks only. `let _permit = …` does bind, but in this loop it would end with the iteration: the task goes on, and its
//! permit is gone.
//!
//! A permit belongs to the work that it stands for. `acquire_owned` gives one that borrows nothing, so the task can own
//! it: it comes back when the task is over, whether that returns, panics or is aborted. For the same reason nobody has
//! to give it back by hand, and code that does (`forget`, then `add_permits`) loses a permit with each panic.
//!
//! The permit may also be acquired inside of the task. Then all tasks exist at once and wait there. With a million
//! parcels it is better to acquire before the spawn: no more tasks exist than requests are under way.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// Knows where each parcel is. Tests bring their own.
pub trait Carrier: Send + Sync + 'static {
    fn status(&self, parcel: u64) -> impl Future<Output = String> + Send;
}

pub async fn track_all<C: Carrier>(
    parcels: Vec<u64>,
    carrier: Arc<C>,
    limit: Arc<Semaphore>,
) -> Vec<Result<String, JoinError>> {
    let mut requests = Vec::new();
    for parcel in parcels {
        let permit = limit.clone().acquire_owned().await.expect("nobody closes the limit");
        let carrier = carrier.clone();
        requests.push(tokio::spawn(async move {
            // A name that begins with `_` is a name: the task owns the permit to its end.
            let _permit = permit;
            carrier.status(parcel).await
        }));
    }
    let mut answers = Vec::new();
    for request in requests {
        answers.push(request.await);
    }
    answers
}

struct Post;

impl Carrier for Post {
    async fn status(&self, parcel: u64) -> String {
        println!("asking for {parcel} …");
        tokio::task::yield_now().await;
        println!("… and {parcel} is answered");
        format!("{parcel} is on its way")
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let limit = Arc::new(Semaphore::new(2));
    println!("{:?}", track_all(vec![11, 12, 13, 14], Arc::new(Post), limit).await);
}
