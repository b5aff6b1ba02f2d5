//! `within_polls` lets those pass who wait, and ends with those who ask in circles.

use std::task::Poll;
use std::time::Duration;

use testkit::{vt, within_polls};
use tokio::time::sleep;

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[test]
fn who_waits_is_polled_once_for_each_wake() {
    let waits = async {
        sleep(WEEK).await;
        sleep(WEEK).await;
        "done"
    };
    assert_eq!(vt(within_polls(3, waits)), (Some("done"), 2 * WEEK));
    assert_eq!(vt(within_polls(1, async { 7 })), (Some(7), Duration::ZERO));
    assert_eq!(vt(within_polls(2, async { tokio::join!(sleep(WEEK), sleep(WEEK)) })).0, Some(((), ())));
}

#[test]
fn who_asks_in_circles_is_given_up() {
    let naps = async {
        let week = tokio::spawn(sleep(WEEK));
        while !week.is_finished() {
            sleep(Duration::from_millis(1)).await;
        }
    };
    assert_eq!(vt(within_polls(50, naps)).0, None);

    let spins = std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    assert_eq!(vt(within_polls(50, spins)).0, None);
}
