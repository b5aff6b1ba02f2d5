//! The timeline notes what happens to each lane, and changes nothing else.

use std::future::{pending, poll_fn};
use std::marker::PhantomPinned;
use std::sync::Mutex;
use std::task::{Poll, Waker};
use std::time::Duration;

use testkit::{
    CountingWaker, Script, Signal, Step, Timeline, Wake, assert_send, panic_of, poll_once, rt, settle, vt,
};
use tokio::time::{sleep, timeout};

const MS: Duration = Duration::from_millis(1);

fn millis(timeline: &Timeline) -> Vec<(String, u128)> {
    timeline.timed().into_iter().map(|(event, at)| (event, at.as_millis())).collect()
}

fn at(ms: u128, events: &[&str]) -> Vec<(String, u128)> {
    events.iter().map(|event| ((*event).to_owned(), ms)).collect()
}

#[test]
fn two_awaits_in_a_row_follow_each_other() {
    let timeline = Timeline::new();
    vt(async {
        timeline.lane("a").watch(sleep(30 * MS)).await;
        timeline.lane("b").watch(sleep(20 * MS)).await;
    });
    let expected = [
        at(0, &["a poll", "a pending"]),
        at(30, &["a wake", "a poll", "a ready", "a drop", "b poll", "b pending"]),
        at(50, &["b wake", "b poll", "b ready", "b drop"]),
    ];
    assert_eq!(millis(&timeline), expected.concat());
}

#[test]
fn two_in_a_join_wait_together() {
    let timeline = Timeline::new();
    vt(async {
        let (a, b) = (timeline.lane("a").watch(sleep(30 * MS)), timeline.lane("b").watch(sleep(20 * MS)));
        tokio::join!(a, b);
    });
    let seen = millis(&timeline);
    assert_eq!(seen[..4], at(0, &["a poll", "a pending", "b poll", "b pending"]));
    assert!(seen.contains(&("b ready".into(), 20)) && seen.contains(&("a ready".into(), 30)), "{seen:?}");
}

#[test]
fn a_parent_and_its_child_are_woken_and_polled_in_turn() {
    let timeline = Timeline::new();
    let (parent, child) = (timeline.lane("parent"), timeline.lane("child"));
    vt(parent.watch(async { child.watch(sleep(5 * MS)).await }));
    let expected = [
        at(0, &["parent poll", "child poll", "child pending", "parent pending"]),
        at(5, &["child wake", "parent wake", "parent poll", "child poll", "child ready", "child drop"]),
        at(5, &["parent ready", "parent drop"]),
    ];
    assert_eq!(millis(&timeline), expected.concat());
}

#[test]
fn a_cancelled_future_is_dropped_at_its_time() {
    let timeline = Timeline::new();
    vt(async { timeout(7 * MS, timeline.lane("slow").watch(pending::<()>())).await.unwrap_err() });
    let (last, at) = millis(&timeline).pop().unwrap();
    assert_eq!((last.as_str(), at), ("slow drop", 7));
    assert!(!timeline.events().iter().any(|event| event == "slow ready"));
}

#[test]
fn a_lost_wake_is_a_wake_that_is_not_there() {
    let timeline = Timeline::new();
    let mut forgets = timeline.lane("forgets").watch(Script::<()>::new("s", [Step::Pend(Wake::Forgets)]));
    assert!(poll_once(&mut forgets, Waker::noop()).is_pending());
    assert_eq!(timeline.events(), ["forgets poll", "forgets pending"]);
}

#[test]
fn a_panic_in_a_poll_is_noted_and_goes_on() {
    let timeline = Timeline::new();
    let lane = timeline.lane("a");
    let mut watched = lane.watch(async { panic!("inside") });
    let text = panic_of(|| -> Poll<()> { poll_once(&mut watched, Waker::noop()) }).unwrap_err();
    assert_eq!((text.as_str(), timeline.events()), ("inside", vec!["a poll".into(), "a panicked".into()]));
}

#[test]
fn marks_stand_in_their_lane_and_an_empty_lane_has_no_events() {
    let timeline = Timeline::new();
    let (page, _never) = (timeline.lane("page"), timeline.lane("never"));
    page.mark("spinner");
    timeline.lane("page").mark("again");
    assert_eq!(timeline.events(), ["page mark spinner", "page mark again"]);
}

#[test]
fn the_waker_is_woken_once_for_each_wake_and_not_kept() {
    let (timeline, signal, counter) = (Timeline::new(), Signal::new(), CountingWaker::new());
    let steps = [Step::Pend(Wake::Later(signal.clone())), Step::Ready(7)];
    let mut watched = timeline.lane("a").watch(Script::new("s", steps));
    assert_send(&watched);
    assert!(poll_once(&mut watched, &counter.waker()).is_pending());
    assert_eq!((counter.wakes(), counter.live_clones()), (0, 1), "the script keeps it");
    signal.fire();
    assert_eq!((counter.wakes(), counter.live_clones()), (1, 0));
    assert_eq!(poll_once(&mut watched, &counter.waker()), Poll::Ready(7));
    assert_eq!(timeline.events(), ["a poll", "a pending", "a wake", "a poll", "a ready"]);
    assert_eq!(counter.live_clones(), 0, "the lane keeps no waker");
}

#[test]
fn a_kept_waker_is_the_same_at_the_next_poll_with_the_same_waker() {
    let timeline = Timeline::new();
    let kept: Mutex<Option<Waker>> = Mutex::new(None);
    let mut same = Vec::new();
    let (one, other) = (CountingWaker::new(), CountingWaker::new());
    {
        let mut watched = timeline.lane("a").watch(poll_fn(|context| {
            let before = kept.lock().unwrap().replace(context.waker().clone());
            same.push(before.is_some_and(|before| before.will_wake(context.waker())));
            Poll::<()>::Pending
        }));
        for waker in [one.waker(), one.waker(), other.waker()] {
            assert!(poll_once(&mut watched, &waker).is_pending());
        }
    }
    assert_eq!(same, [false, true, false]);
    kept.lock().unwrap().take().unwrap().wake();
    assert_eq!((one.wakes(), other.wakes()), (0, 1));
}

#[test]
fn the_recording_stops_and_the_future_goes_on() {
    let timeline = Timeline::new();
    let spin = |mut turns: usize| {
        poll_fn(move |context| {
            if turns == 0 {
                return Poll::Ready("done");
            }
            turns -= 1;
            context.waker().wake_by_ref();
            Poll::Pending
        })
    };
    assert_eq!(rt(timeline.lane("spins").watch(spin(10_000))), "done");
    assert_eq!(timeline.events().len(), 500);
    for n in 0..30 {
        assert_eq!(rt(timeline.lane(format!("lane {n}")).watch(spin(1))), "done");
    }
    assert_eq!(timeline.events().len(), 500);
}

#[test]
fn a_lane_without_room_records_nothing() {
    let timeline = Timeline::new();
    for n in 0..30 {
        timeline.lane(n.to_string()).mark("here");
    }
    assert_eq!(timeline.events().len(), 24);
}

#[test]
fn what_an_unwinding_test_drops_is_not_told() {
    let timeline = Timeline::new();
    let lane = timeline.lane("a");
    let failed = std::thread::spawn({
        let lane = lane.clone();
        move || {
            let _watched = lane.watch(pending::<()>());
            panic!("the test has failed");
        }
    });
    failed.join().unwrap_err();
    assert_eq!(timeline.events(), Vec::<String>::new());
    let caught = panic_of(|| {
        let _watched = lane.watch(pending::<()>());
        panic!("the code under test has failed");
    });
    assert!(caught.is_err());
    assert_eq!(timeline.events(), ["a drop"]);
}

#[test]
fn it_is_unpin_whatever_it_wraps() {
    fn unpin<T: Unpin>(_: &T) {}
    unpin(&Timeline::new().lane("a").watch(PhantomPinned));
}

#[test]
fn settle_sees_what_goes_on_in_a_lane() {
    let timeline = Timeline::new();
    rt(async {
        tokio::spawn(timeline.lane("task").watch(async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        }));
        settle().await;
    });
    assert!(timeline.events().contains(&"task ready".to_owned()));
}
