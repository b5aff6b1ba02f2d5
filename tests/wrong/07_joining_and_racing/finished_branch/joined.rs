//! fails: the_scale_may_be_off_first
//! says: with or without a zero point

use std::cell::Cell;
use std::time::Duration;

use tokio::join;
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
    let zero_point = Cell::new(None);
    let fetch = async { zero_point.set(Some(server.zero_point().await)) };
    let readings = async {
        while let Some(grams) = scale.recv().await {
            match zero_point.get() {
                Some(zero) => write(Reading::Corrected(grams - zero)),
                None => write(Reading::Raw(grams)),
            }
        }
    };
    join!(fetch, readings);
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
