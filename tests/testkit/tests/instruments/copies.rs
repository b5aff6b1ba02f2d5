//! The counter sees every clone, and every end.

use testkit::{Copies, panic_of};

#[test]
fn moving_is_not_cloning() {
    let copies = Copies::new();
    let values: Vec<_> = (0..3).map(|number| copies.of(number)).collect();
    let moved = values.into_iter().rev().collect::<Vec<_>>();
    assert_eq!((*moved[0], copies.clones(), copies.alive()), (2, 0, 3));
}

#[test]
fn a_clone_of_a_clone_counts() {
    let copies = Copies::new();
    let original = copies.of(String::from("one"));
    let copy = original.clone().clone();
    assert_eq!((copy.as_str(), copies.clones(), copies.alive()), ("one", 2, 2));
}

#[test]
fn what_a_panic_drops_is_gone() {
    let copies = Copies::new();
    let value = copies.of(());
    panic_of(|| {
        let _value = value;
        panic!("out");
    })
    .unwrap_err();
    assert_eq!((copies.clones(), copies.alive()), (0, 0));
}
