use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use testkit::{Gate, Probe, Sleeper, Waited, long_wait, stalled, vt};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::{sleep, timeout};

/// What a task does while nothing happens, which a blocked thread must not change.
fn watch(work: impl Future<Output = ()> + Send + 'static) -> Waited {
    let (work, probe) = Probe::new(work);
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (waited, _) = vt(async move {
        let blocked = spawn_blocking(move || released.recv());
        tokio::spawn(work);
        let waited = long_wait(|| (probe.polls(), probe.finished())).await;
        drop(release);
        let _ = blocked.await;
        waited
    });
    waited
}

#[test]
fn a_sleeper_is_polled_once() {
    let waited = watch(pending());
    assert!(waited.spins + waited.naps == 1 && !waited.over, "{waited:?}");
    assert!(waited.took > Duration::from_secs(30 * 24 * 3600), "{waited:?}");
}

#[test]
fn a_spinner_and_nappers_of_any_length_are_seen() {
    let spins = watch(async {
        loop {
            yield_now().await;
        }
    });
    assert!(spins.spins >= 20, "{spins:?}");
    for nap in [1, 7, 50, 1_000, 60_000, 40_000_000] {
        let naps = watch(async move {
            loop {
                sleep(Duration::from_millis(nap)).await;
            }
        });
        assert!(naps.spins <= 2 && naps.naps >= 30, "{nap} ms: {naps:?}");
    }
}

#[test]
fn one_that_gives_up_is_seen_to() {
    for limit in [1, 200, 1_000, 86_400_000] {
        let gives_up = watch(async move {
            let _ = timeout(Duration::from_millis(limit), pending::<()>()).await;
        });
        assert!(gives_up.over && gives_up.took >= Duration::from_millis(limit), "{gives_up:?}");
    }
    let at_once = watch(async {});
    assert!(at_once.over && at_once.took.is_zero(), "{at_once:?}");
    assert_eq!(at_once.when(), "at once");
    let half_a_minute = watch(async {
        let _ = timeout(Duration::from_secs(30), pending::<()>()).await;
    });
    assert_eq!(half_a_minute.when(), "within 34 s");
}

#[test]
fn progress_is_no_stall() {
    testkit::rt(async {
        let steps = Arc::new(AtomicUsize::new(0));
        let (progress, count) = (steps.clone(), steps.clone());
        tokio::spawn(async move {
            for _ in 0..20 {
                sleep(Duration::from_millis(20)).await;
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        stalled(move || progress.load(Ordering::SeqCst)).await;
        assert_eq!(steps.load(Ordering::SeqCst), 20);
    });
}

#[test]
fn the_newest_waker_of_a_sleeper_counts() {
    let gate = Gate::new();
    vt(async {
        let mut sleeper = Sleeper::new(gate.wait());
        assert_eq!(sleeper.turn(), (1, false));
        assert_eq!(sleeper.turn(), (1, false), "nobody has woken it");
        sleeper.change_task();
        gate.open();
        assert!(sleeper.until(|| false).await);
        assert_eq!((sleeper.turn(), sleeper.former_wakes(), sleeper.output()), ((3, true), 0, Some(())));
    });
}

#[test]
fn a_sleeper_that_is_woken_through_a_former_waker_stalls() {
    let gate = Gate::new();
    vt(async {
        let (mut wait, mut first) = (gate.wait(), None);
        let stale = std::future::poll_fn(|context| {
            let waker = first.get_or_insert_with(|| context.waker().clone());
            std::pin::Pin::new(&mut wait).poll(&mut std::task::Context::from_waker(waker))
        });
        let mut sleeper = Sleeper::new(stale);
        sleeper.turn();
        sleeper.change_task();
        gate.open();
        assert!(!sleeper.until(|| false).await);
        assert_eq!(sleeper.former_wakes(), 1);
    });
}
