//! The probe watches any future without changing what it does.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use testkit::{CountingWaker, DropLog, Log, Probe, assert_send, panic_of, poll_once, rt, vt};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

#[test]
fn polls_end_and_drop_are_seen() {
    let (mut future, probe) = Probe::new(async {
        yield_now_by_hand().await;
        7
    });
    assert_send(&future);
    let counter = CountingWaker::new();
    assert_eq!((probe.polls(), probe.finished(), probe.dropped()), (0, false, false));
    assert_eq!(poll_once(&mut future, &counter.waker()), Poll::Pending);
    assert_eq!((probe.polls(), probe.finished()), (1, false));
    assert_eq!(poll_once(&mut future, &counter.waker()), Poll::Ready(7));
    assert_eq!((probe.polls(), probe.finished(), probe.dropped()), (2, true, false));
    assert!(probe.polled_with(&counter.waker()));
    assert!(!probe.polled_with(&CountingWaker::new().waker()));
    drop(future);
    assert!(probe.dropped() && !probe.concurrent());
    assert_eq!(counter.live_clones(), 0, "the probe keeps no waker");
}

/// Pending once, woken at once, without a runtime.
async fn yield_now_by_hand() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn a_cancelled_future_is_dropped_unfinished_at_its_time() {
    let (probe, _) = vt(async {
        let (future, probe) = Probe::new(async {
            let _pinned = PhantomPinned;
            sleep(Duration::from_secs(60)).await;
        });
        timeout(Duration::from_secs(5), future).await.unwrap_err();
        sleep(Duration::from_secs(5)).await;
        probe
    });
    assert_eq!((probe.dropped_at(), probe.finished()), (Some(Duration::from_secs(5)), false));
}

#[test]
fn it_is_gone_when_its_destructors_are_done() {
    let log = Log::new();
    let inside = DropLog::new(&log, "inside");
    let (future, probe) = Probe::new(async move {
        let _inside = inside;
    });
    drop(future);
    assert!(probe.dropped());
    assert_eq!((log.events(), probe.polls()), (vec!["dropped inside".to_owned()], 0));
}

#[test]
fn it_is_unpin_whatever_it_wraps() {
    fn unpin<T: Unpin>(_: &T) {}
    let (future, _) = Probe::new(PhantomPinned);
    unpin(&future);
}

#[test]
fn threads_are_told_apart_and_polls_in_turn_are_not_concurrent() {
    let (mut future, probe) = Probe::new(std::future::pending::<()>());
    for _ in 0..2 {
        assert!(poll_once(&mut future, std::task::Waker::noop()).is_pending());
    }
    let future = thread::spawn(move || {
        assert!(poll_once(&mut future, std::task::Waker::noop()).is_pending());
        future
    });
    let elsewhere = future.thread().id();
    drop(future.join().unwrap());
    assert_eq!(probe.threads(), [thread::current().id(), elsewhere]);
    assert!(!probe.concurrent());
}

#[test]
fn a_panicking_future_panics_as_it_would_without_the_probe() {
    let (mut future, probe) = Probe::new(async { panic!("inside") });
    let text = panic_of(|| -> Poll<()> { Pin::new(&mut future).poll(&mut context()) }).unwrap_err();
    assert_eq!(text, "inside");
    assert_eq!((probe.polls(), probe.finished(), probe.concurrent()), (1, false, false));
}

fn context() -> std::task::Context<'static> {
    std::task::Context::from_waker(std::task::Waker::noop())
}

#[test]
fn it_runs_as_a_task() {
    let (future, probe) = Probe::new(async { yield_now().await });
    rt(async { tokio::spawn(future).await.unwrap() });
    assert_eq!((probe.polls(), probe.finished(), probe.dropped()), (2, true, true));
}
