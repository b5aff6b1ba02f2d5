//! fails: a_permit_that_is_back_is_used_at_once
//! says: a request begins as soon as a permit is there

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
    let mut answers = Vec::new();
    let mut parcels = parcels.into_iter().peekable();
    while parcels.peek().is_some() {
        let first = limit.clone().acquire_owned().await.unwrap();
        let mut permits = vec![first];
        while let Ok(permit) = limit.clone().try_acquire_owned() {
            permits.push(permit);
        }
        let chunk: Vec<_> = permits
            .into_iter()
            .zip(parcels.by_ref())
            .map(|(permit, parcel)| {
                let carrier = carrier.clone();
                tokio::spawn(async move {
                    let _permit = permit;
                    carrier.status(parcel).await
                })
            })
            .collect();
        for request in chunk {
            answers.push(request.await);
        }
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
