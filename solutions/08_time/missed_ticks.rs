//! `track` asks a carrier where a parcel is, as often as one request per `period` allows.
//!
//! Two surprises of `interval` were behind the carrier's complaint. Its first tick is due at once. And when ticks are missed,
//! because a body takes longer than a period, the default `Burst` makes up for all of them without a pause. `Skip` would
//! leave them out, but go back to the old pattern: half a period after a late request, the next one would follow. Only
//! `Delay` counts from the late tick.
//!
//! A loop with `sleep(period)` at its end would never ask too often, but too seldom: it adds the time of each answer to the
//! period. Without an `Interval`, keep the time of the last request: `sleep_until(begun + period)` waits for what is left of
//! the period, and not at all if nothing is left. That is exact to the millisecond, while an interval takes a tick that is
//! up to 5 ms late for one in time, and keeps its pattern. Take an interval where the rhythm is what counts.

use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

/// Tests bring their own.
pub trait Carrier {
    fn locate(&self) -> impl Future<Output = Option<String>>;
}

/// `period` is at least 100 ms.
pub async fn track(carrier: &impl Carrier, period: Duration) -> Vec<String> {
    let mut places = Vec::new();
    // `interval` would have its first tick at once.
    let mut ticks = interval_at(Instant::now() + period, period);
    // The default would make up for missed ticks, all at the same moment.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
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
