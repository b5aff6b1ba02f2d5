//! `within_polls` lets those pass who wait, and ends with those who ask in circles; `handed_on` ends with those who keep the
//! first waker.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use testkit::{handed_on, panic_of, vt, within_polls};
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

    let spins = poll_fn(|context| {
        context.waker().wake_by_ref();
        Poll::<()>::Pending
    });
    assert_eq!(vt(within_polls(50, spins)).0, None);
}

#[test]
fn who_takes_the_newest_waker_can_be_handed_on() {
    let waits = async {
        sleep(WEEK).await;
        sleep(WEEK).await;
        "done"
    };
    assert_eq!(vt(handed_on("`waits`", 3, waits)), ("done", 2 * WEEK));
    assert_eq!(vt(handed_on("`is_ready`", 1, async { 7 })).0, 7);
}

#[test]
fn who_keeps_the_first_waker_is_told() {
    let keeps = async {
        let (mut week, mut first) = (pin!(sleep(WEEK)), None::<Waker>);
        poll_fn(|context| {
            let first = first.get_or_insert_with(|| context.waker().clone());
            week.as_mut().poll(&mut Context::from_waker(first))
        })
        .await;
    };
    let told = panic_of(|| vt(handed_on("`keeps`", 9, keeps))).unwrap_err();
    assert!(told.starts_with("`keeps` was polled by one task, and then by another one"), "{told}");
}

#[test]
fn a_timer_of_a_later_poll_that_keeps_its_first_waker_is_told() {
    let keeps = async {
        sleep(WEEK).await;
        let mut timer = None;
        poll_fn(|context| {
            let timer = timer.get_or_insert_with(|| {
                let mut timer = Box::pin(sleep(WEEK));
                let _ = timer.as_mut().poll(context);
                timer
            });
            if timer.is_elapsed() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    };
    let told = panic_of(|| vt(handed_on("`keeps`", 9, keeps))).unwrap_err();
    assert!(told.starts_with("`keeps` was polled by one task, and then by another one"), "{told}");
}

#[test]
fn who_asks_in_circles_from_the_second_poll_on_is_told() {
    let mut polls = 0;
    let circles = poll_fn(move |context| {
        polls += 1;
        if polls > 1 {
            context.waker().wake_by_ref();
        }
        Poll::<()>::Pending
    });
    let told = panic_of(|| vt(handed_on("`circles`", 9, circles))).unwrap_err();
    assert!(told.starts_with("`circles` was polled twice in a row"), "{told}");
}
