//! A panic's text, and nothing on stderr (which the tests of the harness look at).

use std::panic::panic_any;
use std::sync::atomic::{AtomicBool, Ordering};

use testkit::panic_of;

#[test]
fn a_value_passes_through() {
    let borrowed = String::from("here");
    assert_eq!(panic_of(|| borrowed.len()), Ok(4));
}

#[test]
fn static_and_formatted_texts_come_out() {
    assert_eq!(panic_of(|| -> u8 { panic!("plain") }), Err("plain".to_owned()));
    let n = 3;
    assert_eq!(panic_of(|| -> u8 { panic!("n is {n}") }), Err("n is 3".to_owned()));
    assert!(panic_of(|| "x".parse::<u8>().unwrap()).unwrap_err().contains("InvalidDigit"));
}

#[test]
fn the_destructor_of_a_foreign_value_does_not_run() {
    static DROPPED: AtomicBool = AtomicBool::new(false);
    struct Trap;
    impl Drop for Trap {
        fn drop(&mut self) {
            DROPPED.store(true, Ordering::SeqCst);
        }
    }
    let text = panic_of(|| -> u8 { panic_any(Trap) }).unwrap_err();
    assert_eq!(text, "a panic whose value is not text");
    assert!(!DROPPED.load(Ordering::SeqCst));
}

#[test]
fn it_nests_and_works_while_a_panic_is_under_way() {
    struct Cleans;
    impl Drop for Cleans {
        fn drop(&mut self) {
            assert_eq!(panic_of(|| -> u8 { panic!("inner") }), Err("inner".to_owned()));
        }
    }
    let text = panic_of(|| -> u8 {
        let _cleans = Cleans;
        panic!("outer");
    });
    assert_eq!(text, Err("outer".to_owned()));
}
