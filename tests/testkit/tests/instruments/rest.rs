//! Who waits lets the runtime rest; who does not is found, in whichever task it is.

use std::future::{pending, poll_fn};
use std::task::Poll;
use std::time::Duration;

use testkit::{Log, Unrest, silence, to_its_end, vt};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::sleep;

const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

async fn spins() {
    loop {
        yield_now().await;
    }
}

async fn naps(time: Duration) {
    loop {
        sleep(time).await;
    }
}

#[test]
fn who_waits_comes_to_its_end() {
    let (output, took) = vt(to_its_end(3, async {
        let (tx, mut rx) = mpsc::channel(1);
        tokio::spawn(async move {
            sleep(YEAR).await;
            tx.send(7).await
        });
        rx.recv().await
    }));
    assert_eq!((output, took), (Ok(Some(7)), YEAR));
}

#[test]
fn who_is_never_woken_is_asleep() {
    assert_eq!(vt(to_its_end(9, pending::<()>())).0, Err(Unrest::Asleep));
}

#[test]
fn a_future_that_asks_again_is_counted() {
    let asks = poll_fn(|context| {
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    assert_eq!(vt(to_its_end(50, asks)).0, Err(Unrest::Polled(50)));
}

#[test]
fn a_task_beside_it_that_spins_or_naps_is_found() {
    let with = |task: fn() -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        vt(to_its_end(9, async move {
            tokio::spawn(task());
            pending::<()>().await;
        }))
        .0
    };
    assert_eq!(with(|| Box::pin(spins())), Err(Unrest::Awake));
    let napping = with(|| Box::pin(naps(Duration::from_millis(10))));
    assert!(matches!(napping, Err(Unrest::Naps(_))), "{napping:?}");
}

#[test]
fn silence_is_kept_by_those_who_wait() {
    let ((), took) = vt(async {
        tokio::spawn(pending::<()>());
        tokio::spawn(sleep(YEAR));
        assert_eq!(silence().await, Ok(()));
    });
    assert!(took > Duration::from_secs(30 * 24 * 3600), "{took:?}");
}

#[test]
fn silence_is_broken_by_spins_and_by_naps_of_any_length() {
    let during = |task: std::pin::Pin<Box<dyn Future<Output = ()> + Send>>| {
        vt(async {
            tokio::spawn(task);
            silence().await
        })
        .0
    };
    assert_eq!(during(Box::pin(spins())), Err(Unrest::Awake));
    for millis in [1, 10, 250, 60_000, 3_600_000] {
        let broken = during(Box::pin(naps(Duration::from_millis(millis))));
        assert!(
            matches!(broken, Err(Unrest::Naps(time)) if time >= 10 * Duration::from_millis(millis)),
            "{millis} ms: {broken:?}"
        );
    }
}

#[test]
fn events_on_the_way_are_no_silence_that_is_broken() {
    let log = Log::new();
    vt(async {
        let seen = log.clone();
        tokio::spawn(async move {
            for _ in 0..3 {
                sleep(Duration::from_secs(5 * 24 * 3600)).await;
                seen.push("something happened");
            }
        });
        assert_eq!(silence().await, Ok(()));
    });
    assert_eq!(log.len(), 3);
}
