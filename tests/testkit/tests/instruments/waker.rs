//! The waker counts wakes and copies, and its hooks run unlocked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;
use std::thread;

use testkit::{CountingWaker, assert_send, assert_static, panic_of};

#[test]
fn wakes_by_value_and_by_reference_count() {
    let counter = CountingWaker::new();
    let waker = counter.waker();
    assert_eq!(counter.wakes(), 0);
    waker.wake_by_ref();
    counter.waker().wake();
    waker.wake();
    assert_eq!((counter.wakes(), counter.live_clones()), (3, 0));
}

#[test]
fn a_thousand_clones_are_seen_to_come_and_go() {
    let counter = CountingWaker::new();
    let waker = counter.waker();
    assert_eq!(counter.live_clones(), 1);
    let clones: Vec<Waker> = (0..1000).map(|_| waker.clone()).collect();
    assert_eq!(counter.live_clones(), 1001);
    drop(clones);
    assert_eq!(counter.live_clones(), 1);
    drop(waker);
    assert_eq!((counter.live_clones(), counter.wakes()), (0, 0));
}

#[test]
fn wakers_of_one_counter_are_the_same_waker() {
    let (one, other) = (CountingWaker::new(), CountingWaker::new());
    let waker = one.waker();
    assert!(
        waker.will_wake(&one.waker())
            && waker.will_wake(&waker.clone())
            && waker.will_wake(&one.clone().waker())
    );
    assert!(!waker.will_wake(&other.waker()));
    assert!(!waker.will_wake(Waker::noop()));
}

#[test]
fn wakers_outlive_the_counter_and_cross_threads() {
    let counter = CountingWaker::new();
    let view = counter.clone();
    let waker = counter.waker();
    assert_send(&waker);
    assert_static(&waker);
    drop(counter);
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let waker = waker.clone();
            thread::spawn(move || {
                for _ in 0..1000 {
                    let copy = waker.clone();
                    waker.wake_by_ref();
                    drop(copy);
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!((view.wakes(), view.live_clones()), (4000, 1));
}

#[test]
fn the_clone_hook_runs_before_the_copy_exists() {
    let counter = CountingWaker::new();
    let seen = Arc::new(AtomicUsize::new(usize::MAX));
    let waker = counter.waker();
    counter.on_clone({
        let (counter, seen) = (counter.clone(), Arc::clone(&seen));
        move || seen.store(counter.live_clones(), Ordering::SeqCst)
    });
    assert_eq!(seen.load(Ordering::SeqCst), usize::MAX, "handing out is not cloning");
    let copy = waker.clone();
    assert_eq!((seen.load(Ordering::SeqCst), counter.live_clones()), (1, 2));
    drop(copy);
}

#[test]
fn the_wake_hook_may_wake_clone_drop_and_set_hooks() {
    let counter = CountingWaker::new();
    counter.on_wake({
        let counter = counter.clone();
        move || {
            // A hook that is replaced while it runs runs to its end.
            counter.on_wake(|| {});
            counter.on_clone(|| {});
            let waker = counter.waker();
            drop(waker.clone());
            waker.wake();
        }
    });
    counter.waker().wake();
    assert_eq!((counter.wakes(), counter.live_clones()), (2, 0));
}

#[test]
fn hooks_run_on_the_thread_that_clones_or_wakes() {
    let counter = CountingWaker::new();
    let here = thread::current().id();
    counter.on_clone(move || assert_eq!(thread::current().id(), here));
    counter.on_wake(move || assert_ne!(thread::current().id(), here));
    let copy = counter.waker().clone();
    thread::spawn(move || copy.wake()).join().unwrap();
    assert_eq!(counter.wakes(), 1);
}

#[test]
fn hooks_that_panic_leave_the_counts_right() {
    let counter = CountingWaker::new();
    let waker = counter.waker();
    counter.on_clone(|| panic!("while cloning"));
    counter.on_wake(|| panic!("while waking"));
    assert_eq!(panic_of(|| waker.clone()).unwrap_err(), "while cloning");
    assert_eq!(counter.live_clones(), 1);
    assert_eq!(panic_of(|| waker.wake_by_ref()).unwrap_err(), "while waking");
    assert_eq!(panic_of(|| waker.wake()).unwrap_err(), "while waking");
    assert_eq!((counter.wakes(), counter.live_clones()), (2, 0));
}

#[test]
fn its_debug_text_shows_both_counts() {
    let counter = CountingWaker::new();
    let _waker = counter.waker();
    assert_eq!(format!("{counter:?}"), "CountingWaker { wakes: 0, live_clones: 1 }");
}

#[test]
fn a_drop_calls_its_hook_and_a_wake_does_not() {
    let counter = CountingWaker::new();
    let drops = Arc::new(AtomicUsize::new(0));
    counter.on_drop({
        let drops = Arc::clone(&drops);
        move || {
            drops.fetch_add(1, Ordering::SeqCst);
        }
    });
    let waker = counter.waker();
    drop(waker.clone());
    assert_eq!(drops.load(Ordering::SeqCst), 1);
    waker.wake();
    assert_eq!((drops.load(Ordering::SeqCst), counter.live_clones()), (1, 0));
}
