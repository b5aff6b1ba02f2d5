//! The script does what it is told, and notes how it is treated.

use std::marker::PhantomPinned;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::thread;

use testkit::{CountingWaker, Script, Signal, Step, Wake, panic_of, poll_once, rt, settle};

use Step::{Pend, Ready};

#[test]
fn each_poll_takes_one_step() {
    let counter = CountingWaker::new();
    let mut script = Script::new("A", [Pend(Wake::Never), Pend(Wake::Itself), Ready(7)]);
    let probe = script.probe();
    assert_eq!(poll_once(&mut script, &counter.waker()), Poll::Pending);
    assert_eq!((counter.wakes(), probe.finished()), (0, false));
    assert_eq!(poll_once(&mut script, &counter.waker()), Poll::Pending);
    assert_eq!(counter.wakes(), 1);
    assert_eq!(poll_once(&mut script, &counter.waker()), Poll::Ready(7));
    assert_eq!((counter.wakes(), probe.polls(), probe.finished()), (1, 3, true));
    assert!(!probe.polled_after_ready() && !probe.moved() && !probe.dropped());
    assert_eq!(probe.threads(), [thread::current().id()]);
}

#[test]
fn polled_after_ready_panics_with_its_name_and_is_noted() {
    let mut script = Script::new("A", [Ready(())]);
    let probe = script.probe();
    assert!(poll_once(&mut script, Waker::noop()).is_ready());
    let text = panic_of(|| poll_once(&mut script, Waker::noop())).unwrap_err();
    assert_eq!(text, "`Script` A was polled after it returned `Ready`.");
    assert!(probe.polled_after_ready());
    assert_eq!(probe.polls(), 2);
}

#[test]
fn moved_after_the_first_poll_is_noted() {
    let mut here = Script::<()>::new("moves", []);
    let probe = here.probe();
    let mut there = Box::new(Script::<()>::new("stand-in", []));
    std::mem::swap(&mut here, &mut *there);
    assert!(poll_once(&mut *there, Waker::noop()).is_pending());
    assert!(poll_once(&mut *there, Waker::noop()).is_pending());
    assert!(!probe.moved(), "moving before the first poll is fine");
    std::mem::swap(&mut here, &mut *there);
    assert!(!probe.moved(), "nobody has polled it there");
    assert!(poll_once(&mut here, Waker::noop()).is_pending());
    assert!(probe.moved());
}

#[test]
fn a_drop_is_noted_and_lets_the_waker_go() {
    let counter = CountingWaker::new();
    let mut script = Script::<()>::new("dropped", [Pend(Wake::Never)]);
    let probe = script.probe();
    assert!(poll_once(&mut script, &counter.waker()).is_pending());
    assert_eq!((counter.live_clones(), probe.dropped()), (1, false));
    drop(script);
    assert_eq!((counter.live_clones(), probe.dropped()), (0, true));
    assert!(probe.last_waker().is_none());
}

#[test]
fn threads_are_told_apart() {
    let mut script = Script::<()>::new("moves between threads", []);
    let probe = script.probe();
    let polled = thread::spawn(move || {
        assert!(poll_once(&mut script, Waker::noop()).is_pending());
        script
    });
    let elsewhere = polled.thread().id();
    let mut script = polled.join().unwrap();
    for _ in 0..3 {
        assert!(poll_once(&mut script, Waker::noop()).is_pending());
    }
    assert_eq!(probe.threads(), [elsewhere, thread::current().id()]);
}

#[test]
fn only_some_steps_keep_the_waker() {
    let counter = CountingWaker::new();
    let steps = [Pend(Wake::Itself), Pend(Wake::Forgets), Pend(Wake::Never), Ready(())];
    let mut script = Script::new("A", steps);
    let probe = script.probe();
    let kept = [0, 0, 1, 0].map(|_| {
        let _ = poll_once(&mut script, &counter.waker());
        counter.live_clones()
    });
    assert_eq!(kept, [0, 0, 1, 0]);
    assert!(probe.polled_with(&counter.waker()), "known also when it is not kept");
    assert!(!probe.polled_with(Waker::noop()));
}

#[test]
fn the_waker_that_it_keeps_is_the_newest() {
    let (old, new) = (CountingWaker::new(), CountingWaker::new());
    let signal = Signal::new();
    let mut script = Script::new("A", [Pend(Wake::Later(signal.clone())), Ready(())]);
    let probe = script.probe();
    for counter in [&old, &new, &new] {
        assert!(poll_once(&mut script, &counter.waker()).is_pending());
    }
    assert!(probe.last_waker().unwrap().will_wake(&new.waker()));
    assert_eq!((old.live_clones(), new.live_clones()), (0, 1));
    signal.fire();
    signal.fire();
    assert_eq!((old.wakes(), new.wakes(), new.live_clones()), (0, 1, 0));
    assert!(poll_once(&mut script, &new.waker()).is_ready());
}

#[test]
fn a_spinner_polls_many_times_before_the_signal() {
    let signal = Signal::new();
    let mut script = Script::new("A", [Pend(Wake::Later(signal.clone())), Ready(())]);
    let probe = script.probe();
    for _ in 0..100 {
        assert!(poll_once(&mut script, Waker::noop()).is_pending());
    }
    signal.fire();
    assert!(poll_once(&mut script, Waker::noop()).is_ready());
    assert_eq!(probe.polls(), 101);
}

#[test]
fn a_signal_that_has_fired_is_pending_once_and_wakes_at_once() {
    let (signal, counter) = (Signal::new(), CountingWaker::new());
    signal.fire();
    assert!(signal.fired());
    let mut script = Script::new("late", [Pend(Wake::Later(signal)), Ready(())]);
    assert!(poll_once(&mut script, &counter.waker()).is_pending());
    assert_eq!(counter.wakes(), 1);
    assert!(poll_once(&mut script, &counter.waker()).is_ready());
}

#[test]
fn one_signal_wakes_all_that_wait_and_none_that_left() {
    let (signal, counter, gone) = (Signal::new(), CountingWaker::new(), CountingWaker::new());
    let mut scripts =
        ["A", "B", "C"].map(|name| Script::new(name, [Pend(Wake::Later(signal.clone())), Ready(())]));
    for script in &mut scripts[..2] {
        assert!(poll_once(script, &counter.waker()).is_pending());
    }
    assert!(poll_once(&mut scripts[2], &gone.waker()).is_pending());
    let [mut first, _second, third] = scripts;
    drop(third);
    let hook = signal.clone();
    counter.on_wake(move || assert!(hook.fired()));
    signal.fire();
    assert_eq!((counter.wakes(), gone.wakes()), (2, 0));
    assert!(poll_once(&mut first, &counter.waker()).is_ready());
}

#[test]
fn another_thread_wakes_a_parked_runtime() {
    let script = Script::new("A", [Pend(Wake::FromThread), Pend(Wake::FromThread), Ready("done")]);
    let probe = script.probe();
    assert_eq!(rt(script), "done");
    assert_eq!(probe.polls(), 3);
}

#[test]
fn a_spinner_is_seen_while_another_thread_takes_its_time() {
    let mut script = Script::new("A", [Pend(Wake::FromThread), Ready(())]);
    let probe = script.probe();
    while poll_once(&mut script, Waker::noop()).is_pending() {
        thread::yield_now();
    }
    assert!(probe.polls() > 2, "{probe:?}");
}

#[test]
fn steps_that_run_out_are_pending_for_ever() {
    let counter = CountingWaker::new();
    let mut script = Script::<()>::new("A", [Pend(Wake::Itself)]);
    for _ in 0..5 {
        assert!(poll_once(&mut script, &counter.waker()).is_pending());
    }
    assert_eq!((counter.wakes(), counter.live_clones()), (1, 1));
}

#[test]
fn a_value_that_may_not_move_does_not_make_the_script_so() {
    let mut script = Script::new("pinned", vec![Ready(PhantomPinned)]);
    assert!(poll_once(&mut script, Waker::noop()).is_ready());
}

#[test]
fn hooks_of_wakers_may_look_at_the_script() {
    let (signal, counter) = (Signal::new(), CountingWaker::new());
    let mut script = Script::new("A", [Pend(Wake::Later(signal.clone())), Ready(())]);
    let probe = script.probe();
    let seen = probe.clone();
    counter.on_clone(move || assert!(seen.polls() > 0));
    counter.on_wake({
        let probe = probe.clone();
        move || assert!(!probe.finished())
    });
    assert!(Pin::new(&mut script).poll(&mut Context::from_waker(&counter.waker())).is_pending());
    drop(probe.last_waker());
    signal.fire();
    assert_eq!(counter.wakes(), 1);
}

#[test]
fn looking_at_the_waker_never_loses_a_wake() {
    for _ in 0..2_000 {
        let (signal, counter) = (Signal::new(), CountingWaker::new());
        let mut script = Script::new("A", [Pend(Wake::Later(signal.clone())), Ready(())]);
        let probe = script.probe();
        assert!(poll_once(&mut script, &counter.waker()).is_pending());
        thread::scope(|scope| {
            scope.spawn(|| signal.fire());
            drop(probe.last_waker());
        });
        assert_eq!((counter.wakes(), counter.live_clones()), (1, 0));
    }
}

#[test]
fn a_signal_counts_for_settle() {
    let signal = Signal::new();
    let script = Script::new("A", [Pend(Wake::Later(signal.clone())), Ready(())]);
    let probe = script.probe();
    rt(async {
        let task = tokio::spawn(script);
        settle().await;
        assert_eq!(probe.polls(), 1);
        signal.fire();
        settle().await;
        assert!(probe.finished() && task.is_finished());
    });
}
