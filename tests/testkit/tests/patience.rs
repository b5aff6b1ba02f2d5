//! Patience tells those who wait from those who hold the thread, look again and again, or never go on.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use testkit::{Impatience, Patience, vt};
use tokio::time::{sleep, timeout};

const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An engine as it is written at home. It never rests.
fn drive<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

#[test]
fn whoever_waits_gets_what_it_waits_for() {
    let patience = Patience::new();
    let one_by_one = async {
        patience.answer(WEEK).await;
        patience.answer(Duration::from_millis(1)).await;
        "done"
    };
    let (waited, took) = vt(patience.watch(5, one_by_one));
    assert_eq!((waited, took, patience.polls()), (Ok("done"), WEEK + Duration::from_millis(1), 5));

    let at_once = async { tokio::join!(patience.answer(WEEK), patience.answer(WEEK)) };
    assert_eq!(vt(patience.watch(4, at_once)), (Ok(((), ())), WEEK));
}

#[test]
fn an_engine_inside_is_seen_before_the_clock_is_needed() {
    let patience = Patience::new();
    let blocks = async { drive(patience.answer(WEEK)) };
    assert_eq!(vt(patience.watch(9, blocks)), (Err(Impatience::Kept), Duration::ZERO));
    // As it is without anybody who watches.
    drive(Patience::new().answer(WEEK));
}

#[test]
fn an_engine_on_a_thread_of_its_own_is_seen_too() {
    let patience = Patience::new();
    let blocks = async {
        std::thread::scope(|threads| {
            threads.spawn(|| testkit::rt(patience.answer(WEEK))).join().expect("the answer comes");
        });
    };
    assert_eq!(vt(patience.watch(9, blocks)).0, Err(Impatience::Kept));
}

#[test]
fn a_second_look_within_a_poll_is_no_engine() {
    let patience = Patience::new();
    let looks_twice = async {
        let mut answer = pin!(patience.answer(WEEK));
        poll_fn(|context| match answer.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => answer.as_mut().poll(context),
        })
        .await;
    };
    assert_eq!(vt(patience.watch(9, looks_twice)).0, Ok(()));
}

#[test]
fn looking_again_and_again_is_restless() {
    let patience = Patience::new();
    let naps = async {
        let mut answer = pin!(patience.answer(WEEK));
        while timeout(Duration::from_secs(60), answer.as_mut()).await.is_err() {}
    };
    assert_eq!(vt(patience.watch(9, naps)).0, Err(Impatience::Restless));

    let spins = async {
        let mut answer = pin!(patience.answer(WEEK));
        poll_fn(|context| {
            context.waker().wake_by_ref();
            answer.as_mut().poll(context)
        })
        .await;
    };
    assert_eq!(vt(patience.watch(9, spins)), (Err(Impatience::Restless), Duration::ZERO));
}

#[test]
fn whoever_is_never_woken_is_stuck() {
    let patience = Patience::new();
    assert_eq!(vt(patience.watch(9, pending::<()>())).0, Err(Impatience::Stuck));
    let deaf = async {
        let mut answer = pin!(patience.answer(WEEK));
        poll_fn(|_| answer.as_mut().poll(&mut Context::from_waker(Waker::noop()))).await;
    };
    assert_eq!(vt(patience.watch(9, deaf)).0, Err(Impatience::Stuck));
    // One poll more would find it done.
    let one_poll_away = async {
        let mut wait = pin!(sleep(WEEK));
        poll_fn(|_| wait.as_mut().poll(&mut Context::from_waker(Waker::noop()))).await;
    };
    assert_eq!(vt(patience.watch(9, one_poll_away)).0, Err(Impatience::Stuck));
}

#[test]
fn the_newest_waker_counts() {
    let patience = Patience::new();
    let waits_twice = async {
        patience.answer(WEEK).await;
        sleep(WEEK).await;
        tokio::spawn(sleep(WEEK)).await.expect("a sleep does not panic");
    };
    assert_eq!(vt(patience.pass_on(9, waits_twice)), (Ok(()), 3 * WEEK));

    let keeps_the_first = async {
        let (mut answer, mut first) = (pin!(patience.answer(WEEK)), None);
        poll_fn(|context| {
            let waker = first.get_or_insert_with(|| context.waker().clone());
            answer.as_mut().poll(&mut Context::from_waker(waker))
        })
        .await;
    };
    assert_eq!(vt(Patience::new().pass_on(9, keeps_the_first)).0, Err(Impatience::Stuck));

    let keeps_the_first_for_a_sleep = async {
        let (mut wait, mut first) = (pin!(sleep(WEEK)), None);
        poll_fn(|context| {
            let waker = first.get_or_insert_with(|| context.waker().clone());
            wait.as_mut().poll(&mut Context::from_waker(waker))
        })
        .await;
    };
    assert_eq!(vt(Patience::new().pass_on(9, keeps_the_first_for_a_sleep)).0, Err(Impatience::Stuck));
}
