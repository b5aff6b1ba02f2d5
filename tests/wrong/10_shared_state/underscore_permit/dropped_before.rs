//! fails: never_more_than_permits
//! says: or it had come back too early

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
        let permit = limit.clone().acquire_owned().await.unwrap();
        let carrier = carrier.clone();
        requests.push(tokio::spawn(async move {
            drop(permit);
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
