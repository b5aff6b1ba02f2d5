//! fails: answers_take_some_time
//! says: By Tokio's clock

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    sleep(period).await;
    loop {
        let begun = std::time::Instant::now();
        match carrier.locate().await {
            Some(place) => places.push(place),
            None => return places,
        }
        sleep(period.saturating_sub(begun.elapsed())).await;
    }
}

struct Post(Instant);

impl Carrier for Post {
    async fn locate(&self) -> Option<String> {
        let asked = self.0.elapsed().as_millis();
        println!("{asked:>6} ms  a request");
        match asked {
            ..800 => Some("Lyon".to_owned()),
            800..1500 => {
                sleep(Duration::from_millis(1500)).await;
                Some("Dijon".to_owned())
            }
            1500..4000 => Some("Paris".to_owned()),
            _ => None,
        }
    }
}

#[tokio::main]
async fn main() {
    println!("{:?}", track(&Post(Instant::now()), Duration::from_millis(400)).await);
}
