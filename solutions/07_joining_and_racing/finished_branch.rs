//! A scale whose zero point arrives while its readings are written down.
//!
//! Why it panicked: `fetch` lives longer than a turn of the loop, and the turn after it had returned `Ready` polled
//! it again. An `async fn` has no code to go on with then, so it panics; other futures may do anything else. Code
//! that keeps a future has to remember that it is done. Here `zero_point` remembers it, and the condition disables
//! the branch.
//!
//! Other ways to the same end: two loops, the first of which ends when the zero point arrives; or putting
//! `Box::pin(std::future::pending())` in the place of the finished future. Calling `server.zero_point()` in the
//! branch would begin a new fetch in every turn, and each reading would drop it half-way.

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::sleep;

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
    let mut fetch = pin!(server.zero_point());
    let mut zero_point = None;
    loop {
        select! {
            // Looked at in every turn. `Option` and not the number tells whether it is there: 0 is a zero point, too.
            zero = &mut fetch, if zero_point.is_none() => zero_point = Some(zero),
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
