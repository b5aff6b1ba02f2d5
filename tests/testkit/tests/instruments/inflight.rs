//! The gauge counts who is inside.

use testkit::{InFlight, panic_of, vt};
use tokio::time::{Duration, sleep};

async fn stay(gauge: InFlight, seconds: u64) {
    let _inside = gauge.enter();
    sleep(Duration::from_secs(seconds)).await;
}

#[test]
fn concurrent_entries_are_seen() {
    let gauge = InFlight::new();
    vt(async { tokio::join!(stay(gauge.clone(), 1), stay(gauge.clone(), 2), stay(gauge.clone(), 3)) });
    assert_eq!((gauge.now(), gauge.max(), gauge.total()), (0, 3, 3));
}

#[test]
fn entries_one_after_another_are_not_concurrent() {
    let gauge = InFlight::new();
    vt(async {
        for seconds in 1..=3 {
            stay(gauge.clone(), seconds).await;
        }
    });
    assert_eq!((gauge.now(), gauge.max(), gauge.total()), (0, 1, 3));
}

#[test]
fn cancelled_and_panicked_entries_are_out() {
    let gauge = InFlight::new();
    vt(async { tokio::time::timeout(Duration::from_secs(1), stay(gauge.clone(), 60)).await.unwrap_err() });
    panic_of(|| {
        let _inside = gauge.enter();
        panic!("out");
    })
    .unwrap_err();
    assert_eq!((gauge.now(), gauge.max(), gauge.total()), (0, 1, 2));
}
