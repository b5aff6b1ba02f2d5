//! A shop asks its carrier where parcels are, each request in a task of its own. The carrier
//! allows few requests at a time: `limit` has a permit for each one, and other parts of the
//! program take permits from it, too. A request keeps a permit from its beginning to its end,
//! and the permit comes back even if the request panics. As many requests run at the same time
//! as there are permits. `track_all` returns the answers in the order of the parcels. A request
//! that panicked is an `Err` in its place, and the others go on. If `track_all` is dropped,
//! requests that have begun may go on or end, but their permits come back.
//!
//! The carrier has locked us out: 40 requests were under way at the same time.

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
        let _ = limit.acquire().await;
        let carrier = carrier.clone();
        requests.push(tokio::spawn(async move { carrier.status(parcel).await }));
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
