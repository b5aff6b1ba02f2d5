//! A shop's page follows a parcel. `track` asks the carrier where the parcel is, again and again. When the parcel has
//! been delivered (`None`), `track` returns all the places that it was told, at once.
//!
//! The carrier allows one request per `period`: from the beginning of one request to the beginning of the next one, at
//! least `period` has to pass, give or take 5 ms. The order of the parcel was a request, too, made just before `track`
//! was called. Apart from that `track` asks as often as it may. It makes one request at a time, and an answer may take
//! longer than a `period`: then the next request follows at once.
//!
//! This morning one answer took very long. Then the carrier counted several requests at the same moment, and blocked
//! the shop for the rest of the day. It says that the first request always comes too early, too.

use std::time::Duration;

use tokio::time::{Instant, interval, sleep};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    let mut ticks = interval(period);
    loop {
        ticks.tick().await;
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
