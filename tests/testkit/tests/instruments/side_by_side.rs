//! `side_by_side` lets calls pass that have nothing to do with each other, and tells of those that do.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use testkit::{panic_of, side_by_side, vt};
use tokio::sync::{Barrier, Mutex};
use tokio::time::sleep;

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

#[test]
fn calls_of_their_own_are_done_each_in_its_time() {
    let call = |takes| async move {
        sleep(takes).await;
        takes
    };
    assert_eq!(vt(side_by_side("`call`", 9, call(2 * WEEK), call(WEEK))), ((2 * WEEK, WEEK), 2 * WEEK));
    assert_eq!(vt(side_by_side("`call`", 9, call(WEEK), async { 7 })).0, (WEEK, 7));
}

#[test]
fn a_call_that_waits_for_another_is_told() {
    let turn = &Mutex::new(());
    let call = |takes| async move {
        let _turn = turn.lock().await;
        sleep(takes).await;
    };
    let told = panic_of(|| vt(side_by_side("`call`", 9, call(2 * WEEK), call(WEEK)))).unwrap_err();
    assert!(
        told.contains("of `call` were under way") && told.contains("not done before the first"),
        "{told}"
    );
}

#[test]
fn a_call_that_is_done_in_the_very_turn_of_another_is_told() {
    let turn = &Mutex::new(());
    let call = |takes| async move {
        let task = tokio::spawn(sleep(takes));
        let _turn = turn.lock().await;
        task.await
    };
    let both = async { side_by_side("`call`", 9, call(2 * WEEK), call(WEEK)).await };
    let told = panic_of(|| drop(vt(both))).unwrap_err();
    assert!(told.contains("not done before the first"), "{told}");
}

#[test]
fn calls_that_never_end_together_are_told() {
    let third = Barrier::new(3);
    let call = || async {
        third.wait().await;
    };
    let told = panic_of(|| vt(side_by_side("`call`", 9, call(), call()))).unwrap_err();
    assert!(told.contains("at least one of them never returns"), "{told}");
}

#[test]
fn calls_that_ask_in_circles_are_told() {
    let circles = poll_fn(|context| {
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    let told = panic_of(|| vt(side_by_side("`call`", 9, circles, async { sleep(WEEK).await }))).unwrap_err();
    assert!(told.contains("polled 9 times"), "{told}");
}
