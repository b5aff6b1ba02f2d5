//! fails: any_number_and_any_time
//! says: so it should be

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{sleep, timeout};

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    Raw(i64),
    Corrected(i64),
}

/// Knows the scale. Tests bring their own.
pub trait Server {
    /// The zero point in grams. Any number is possible.
    fn zero_point(&self) -> impl Future<Output = i64>;
}

pub async fn record<S: Server>(server: &S, mut scale: Receiver<i64>, mut write: impl FnMut(Reading)) {
    let mut fetch = pin!(timeout(Duration::from_secs(24 * 3600), server.zero_point()));
    let (mut fetched, mut zero_point) = (false, None);
    loop {
        select! {
            zero = &mut fetch, if !fetched => {
                fetched = true;
                zero_point = zero.ok();
            }
            reading = scale.recv() => match (reading, zero_point) {
                (Some(grams), Some(zero)) => write(Reading::Corrected(grams - zero)),
                (Some(grams), None) => write(Reading::Raw(grams)),
                (None, _) => return,
            },
        }
    }
}

struct Archive;

impl Server for Archive {
    async fn zero_point(&self) -> i64 {
        sleep(Duration::from_millis(250)).await;
        12
    }
}

#[tokio::main]
async fn main() {
    let (send, scale) = channel(8);
    tokio::spawn(async move {
        for grams in [1012, 1013, 1012, 512, 513, 12] {
            sleep(Duration::from_millis(100)).await;
            send.send(grams).await.expect("`record` is listening");
        }
    });
    record(&Archive, scale, |reading| println!("  {reading:?}")).await;
    println!("the scale is off");
}
