//! What is allocated, counted for each thread by itself.

use std::future::poll_fn;
use std::hint::black_box;
use std::task::Poll;
use std::thread;

use testkit::{Allocations, allocations, allocations_of, panic_of, vt};

#[test]
fn a_place_counts_when_it_is_asked_for_and_ends_when_it_is_freed() {
    let (_, made) = allocations(|| black_box(7_u64));
    assert_eq!(made, Allocations::default());
    let (_, made) = allocations(|| {
        let first = black_box(Box::new([0_u8; 600]));
        drop(first);
        let second = black_box(Box::new([0_u8; 300]));
        let third = black_box(Box::new([0_u8; 200]));
        drop(second);
        third
    });
    assert_eq!(made, Allocations { count: 3, peak: 600, kept: 200 });
}

#[test]
fn what_is_asked_for_counts_and_not_what_is_written() {
    let (list, made) = allocations(|| black_box(Vec::<u8>::with_capacity(1 << 20)));
    assert_eq!(made, Allocations { count: 1, peak: 1 << 20, kept: 1 << 20 });
    let (_, made) = allocations(|| drop(list));
    assert_eq!(made, Allocations { count: 0, peak: 0, kept: -(1 << 20) });
    let (_, made) = allocations(|| black_box(vec![0_u8; 512]));
    assert_eq!((made.count, made.kept), (1, 512));
}

#[test]
fn a_list_that_grows_asks_again() {
    let (list, made) = allocations(|| {
        let mut list = Vec::with_capacity(1);
        (0..64_u64).for_each(|number| list.push(black_box(number)));
        list
    });
    assert!(made.count > 3, "{made:?}");
    assert_eq!(made.kept.unsigned_abs(), list.capacity() * 8);
}

#[test]
fn another_thread_does_not_count() {
    let (_, made) = allocations(|| {
        // The handle and the closure are this thread's, and small.
        let size = thread::spawn(|| black_box(vec![1_u8; 1 << 20]).len()).join().unwrap();
        assert_eq!(size, 1 << 20);
    });
    assert!(made.peak < 64 << 10, "{made:?}");
}

#[test]
fn a_count_within_a_count_takes_nothing_from_it() {
    let ((_, inner), outer) = allocations(|| {
        drop(black_box(vec![1_u8; 5000]));
        allocations(|| black_box(vec![1_u8; 100]))
    });
    assert_eq!(inner, Allocations { count: 1, peak: 100, kept: 100 });
    assert_eq!((outer.count, outer.peak), (2, 5000));
}

#[test]
fn a_panic_ends_a_count() {
    let (_, made) = allocations(|| {
        drop(black_box(vec![1_u8; 1 << 20]));
        panic_of(|| {
            let _ = allocations(|| -> u8 { panic!("within") });
        })
        .unwrap_err()
    });
    assert!(made.peak >= 1 << 20, "{made:?}");
}

/// Lets others have a turn. Tokio's own `yield_now` allocates a place for the waker.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn a_future_counts_by_its_polls() {
    let ((_, made), _) = vt(async {
        let other = tokio::spawn(async {
            for _ in 0..4 {
                drop(black_box(vec![1_u8; 1 << 20]));
                yield_now().await;
            }
        });
        let (kept, made) = allocations_of(async {
            let first = black_box(vec![1_u8; 1000]);
            yield_now().await;
            yield_now().await;
            drop(first);
            drop(black_box(vec![1_u8; 700]));
            black_box(vec![1_u8; 10])
        })
        .await;
        other.await.unwrap();
        (kept, made)
    });
    assert_eq!(made, Allocations { count: 3, peak: 1000, kept: 10 });
}
