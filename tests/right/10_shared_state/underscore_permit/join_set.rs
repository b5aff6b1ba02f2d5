//! A `JoinSet`, whose tasks give their places back.

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
    let count = parcels.len();
    let mut requests = tokio::task::JoinSet::new();
    let mut places = std::collections::HashMap::new();
    for (place, parcel) in parcels.into_iter().enumerate() {
        let permit = limit.clone().acquire_owned().await.expect("it is open");
        let carrier = carrier.clone();
        let task = requests.spawn(async move {
            let answer = carrier.status(parcel).await;
            drop(permit);
            answer
        });
        places.insert(task.id(), place);
    }
    let mut answers: Vec<_> = (0..count).map(|_| None).collect();
    while let Some(done) = requests.join_next_with_id().await {
        let (id, answer) = match done {
            Ok((id, answer)) => (id, Ok(answer)),
            Err(error) => (error.id(), Err(error)),
        };
        answers[places[&id]] = Some(answer);
    }
    answers.into_iter().map(|answer| answer.expect("each task ends once")).collect()
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
