//! fails: the_first_request_comes_after_a_period
//! says: it wakes up again and again to check

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    let mut last = Instant::now();
    loop {
        while last.elapsed() < period {
            sleep(Duration::from_millis(10)).await;
        }
        last = Instant::now();
        match carrier.locate().await {
            Some(place) => places.push(place),
            None => return places,
        }
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
