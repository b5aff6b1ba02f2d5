//! Threads come in between each other, and what becomes of their turns is told.

use std::future::pending;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use testkit::{Jostled, jostle};

#[test]
fn a_gap_between_look_and_change_is_found() {
    let (count, turns) = (AtomicU64::new(0), AtomicU64::new(0));
    let turn = async || {
        turns.fetch_add(1, Ordering::SeqCst);
        let seen = count.load(Ordering::SeqCst);
        count.store(seen + 1, Ordering::SeqCst);
    };
    assert_eq!(jostle(turn, turn), Ok(()));
    assert!(count.into_inner() < turns.into_inner());
}

#[test]
fn a_panic_is_told_and_its_cause_comes_first() {
    let (lock, panicked) = (Mutex::new(()), AtomicBool::new(false));
    let turn = async || {
        let _guard = lock.lock().unwrap();
        assert!(panicked.swap(true, Ordering::SeqCst), "the first one");
    };
    assert_eq!(jostle(turn, turn), Err(Jostled::Panicked("the first one".to_owned())));
}

#[test]
fn nobody_waits_for_ever() {
    assert_eq!(jostle(pending, async || pending().await), Err(Jostled::Stuck));
}

/// A gap of nanoseconds between two locked sections, found each time.
#[cfg(target_os = "linux")]
#[test]
fn a_thread_is_held_up_in_the_smallest_gap() {
    for round in 0..20 {
        let (count, turns) = (Mutex::new(0), AtomicU64::new(0));
        let turn = async || {
            turns.fetch_add(1, Ordering::SeqCst);
            let seen = *count.lock().unwrap();
            *count.lock().unwrap() = seen + 1;
        };
        assert_eq!(jostle(turn, turn), Ok(()));
        assert!(count.into_inner().unwrap() < turns.into_inner(), "round {round}");
    }
}
