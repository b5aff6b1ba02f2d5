//! fails: one_request_follows_a_slow_answer
//! says: the next request follows at once

use std::time::Duration;

use tokio::time::{Instant, interval_at, sleep};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    let mut ticks = interval_at(Instant::now() + period, period);
    loop {
        ticks.tick().await;
        let begun = Instant::now();
        match carrier.locate().await {
            Some(place) => places.push(place),
            None => return places,
        }
        if begun.elapsed() > period {
            ticks.reset();
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
