//! One test alone in its process: what other threads do is all that it measures.
#![cfg(target_os = "linux")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use testkit::{Effort, compete};

/// What another thread does while this one competes with it.
fn watched(work: fn(&AtomicBool)) -> Effort {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let worker = scope.spawn(|| work(&over));
        let before = Effort::of_others().expect("Linux tells");
        compete(Duration::from_millis(80));
        let seen = Effort::of_others().expect("Linux tells").since(before);
        over.store(true, Ordering::Relaxed);
        worker.thread().unpark();
        seen
    })
}

#[test]
fn a_sleeper_a_napper_and_a_spinner_are_told_apart() {
    let sleeps = watched(|over| {
        while !over.load(Ordering::Relaxed) {
            thread::park();
        }
    });
    assert!(sleeps.cpu < Duration::from_millis(20) && sleeps.naps < 8, "{sleeps:?}");
    let spins = watched(|over| while !over.load(Ordering::Relaxed) {});
    assert!(spins.cpu >= Duration::from_millis(20), "{spins:?}");
    #[expect(clippy::disallowed_methods, reason = "it is the napper that is told from the others")]
    let naps = watched(|over| {
        while !over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
    });
    assert!(naps.cpu < Duration::from_millis(20) && naps.naps >= 8, "{naps:?}");
}
