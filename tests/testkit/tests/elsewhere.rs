//! One test alone in its process: whoever else lies down would be taken for the work.
#![cfg(target_os = "linux")]

use std::sync::{Arc, Mutex};

use testkit::elsewhere;

#[test]
fn who_waits_for_a_lock_is_told_from_who_is_done() {
    let value = Arc::new(Mutex::new(0));
    let add = || {
        let value = Arc::clone(&value);
        move || *value.lock().unwrap() += 1
    };
    for round in 0..10 {
        let free = elsewhere(add());
        assert!(!free.had_to_wait(), "round {round}");
        let guard = value.lock().unwrap();
        let waits = elsewhere(add());
        assert!(waits.had_to_wait(), "round {round}");
        drop(guard);
        waits.finish().unwrap();
        free.finish().unwrap();
    }
    assert_eq!(*value.lock().unwrap(), 20);
    assert_eq!(elsewhere(|| panic!("no")).finish(), Err("no".to_owned()));
}
