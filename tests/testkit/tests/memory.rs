//! A thread's fresh pages.
#![cfg(target_os = "linux")]

use testkit::fresh_pages;

fn pages(work: impl FnOnce()) -> u64 {
    let before = fresh_pages().expect("Linux tells");
    work();
    fresh_pages().expect("Linux tells") - before
}

#[test]
fn what_grows_needs_pages_and_what_comes_and_goes_needs_none() {
    let mut kept = Vec::new();
    let grows = pages(|| (0..100_000).for_each(|_| kept.push(None::<Box<u64>>)));
    assert!(grows > 64, "{grows}");
    let mut map = std::collections::BTreeMap::new();
    let comes_and_goes = pages(|| {
        for number in 0..100_000_u64 {
            map.insert(number, Box::new(number));
            map.remove(&number);
        }
    });
    assert!(comes_and_goes < 16, "{comes_and_goes}");
}
