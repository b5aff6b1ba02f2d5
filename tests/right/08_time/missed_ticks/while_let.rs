//! The request and the rest of the period are a function of their own.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
async fn ask(carrier: &impl Carrier, earliest: &mut Instant, period: Duration) -> Option<String> {
    timeout_at(*earliest, pending::<()>()).await.unwrap_err();
    *earliest = Instant::now() + period;
    carrier.locate().await
}

pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    let mut earliest = Instant::now() + period;
    while let Some(place) = ask(carrier, &mut earliest, period).await {
        places.push(place);
    }
    places
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
