//! Forgotten, and given back by a guard of our own: clumsy, and right.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinError;

/// Knows where each parcel is. Tests bring their own.
pub trait Carrier: Send + Sync + 'static {
    fn status(&self, parcel: u64) -> impl Future<Output = String> + Send;
}

struct Back(Arc<Semaphore>);

impl Drop for Back {
    fn drop(&mut self) {
        self.0.add_permits(1);
    }
}

pub async fn track_all<C: Carrier>(
    parcels: Vec<u64>,
    carrier: Arc<C>,
    limit: Arc<Semaphore>,
) -> Vec<Result<String, JoinError>> {
    let mut requests = Vec::new();
    for parcel in parcels {
        limit.acquire().await.unwrap().forget();
        let back = Back(limit.clone());
        let carrier = carrier.clone();
        requests.push(tokio::spawn(async move {
            let _back = back;
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
