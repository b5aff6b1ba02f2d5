//! A call is dropped at each point where it can be, and what is left of it is there to look at.

use std::cell::{Cell, RefCell};
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use testkit::{DropLog, Log, Services, dropped_at_each_poll, panic_of};
use tokio::sync::Mutex;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn every_point_has_its_turn() {
    let reached = RefCell::new(Vec::new());
    let polls = dropped_at_each_poll("`call`", 9, async |cut| {
        let steps = Cell::new(0);
        let output = cut
            .off(async {
                for step in 1..=2 {
                    steps.set(step);
                    sleep(SECOND).await;
                }
                7
            })
            .await;
        reached.borrow_mut().push((cut.said(), steps.get(), output));
    });
    assert_eq!(polls, 3);
    let expected = [
        ("dropped before its first poll", 0, None),
        ("dropped after 1 poll, while it waited", 1, None),
        ("dropped after 1 poll, when it had been woken but not polled yet", 1, None),
        ("dropped after 2 polls, while it waited", 2, None),
        ("dropped after 2 polls, when it had been woken but not polled yet", 2, None),
        ("dropped after 3 polls, while it waited", 2, Some(7)),
    ];
    assert_eq!(*reached.borrow(), expected.map(|(said, step, output)| (said.to_owned(), step, output)));
}

#[test]
fn destructors_have_run_when_it_is_off() {
    dropped_at_each_poll("`call`", 9, async |cut| {
        let log = Log::new();
        let owned = DropLog::new(&log, "owned");
        let output = cut
            .off(async move {
                let _owned = owned;
                yield_now().await;
            })
            .await;
        assert_eq!((log.len(), cut.polls() == 2), (1, output.is_some()));
    });
}

#[test]
fn what_was_handed_to_a_woken_call_goes_on_to_the_next() {
    let handed = Cell::new(0);
    dropped_at_each_poll("`lock`", 9, async |cut| {
        let lock = Rc::new(Mutex::new(()));
        let held = lock.lock().await;
        let release = async {
            sleep(SECOND).await;
            drop(held);
            // The lock belongs to the call that waits, whether it is polled or not.
            handed.set(handed.get() + usize::from(lock.try_lock().is_err()));
        };
        tokio::join!(cut.off(lock.lock()), release);
        assert!(timeout(SECOND, lock.lock()).await.is_ok());
    });
    assert!(handed.get() > 0);
}

#[test]
fn requests_are_cancelled_with_the_call() {
    dropped_at_each_poll("`order`", 9, async |cut| {
        let services = Services::new("order");
        let (bank, stock) = (services.request("bank", [SECOND], 1), services.request("stock", [SECOND], 2));
        let output = cut.off(async { (bank.await, stock.await) }).await;
        assert_eq!(services.done(), cut.polls().saturating_sub(1).min(2));
        assert_eq!(output.is_some(), services.done() == 2);
    });
}

#[test]
fn a_call_that_nobody_wakes_is_dropped_where_it_sleeps() {
    let cases = Cell::new(0);
    let polls = dropped_at_each_poll("`call`", 9, async |cut| {
        cases.set(cases.get() + 1);
        let output: Option<()> = cut.off(pending()).await;
        assert_eq!(output, None);
    });
    // Before the first poll, after it, and when it should have been woken.
    assert_eq!((polls, cases.get()), (1, 3));
}

#[test]
fn a_wake_of_somebody_else_is_no_poll() {
    dropped_at_each_poll("`call`", 3, async |cut| {
        let polls = Cell::new(0);
        let call = async {
            let mut long = std::pin::pin!(sleep(100 * SECOND));
            poll_fn(|context| {
                polls.set(polls.get() + 1);
                long.as_mut().poll(context)
            })
            .await;
        };
        let busy = async {
            for _ in 0..50 {
                sleep(SECOND).await;
            }
        };
        tokio::join!(cut.off(call), busy);
        assert!(polls.get() <= 2);
    });
}

#[test]
fn what_goes_wrong_is_told() {
    let told = |case: &dyn Fn() -> usize| panic_of(case).unwrap_err();
    let restless = told(&|| {
        dropped_at_each_poll("`call`", 20, async |cut| {
            let _: Option<()> = cut
                .off(async {
                    loop {
                        yield_now().await;
                    }
                })
                .await;
        })
    });
    assert!(restless.starts_with("`call` was polled 20 times, but was not done"), "{restless}");

    let panicked = told(&|| {
        dropped_at_each_poll("`call`", 20, async |cut| {
            let _: Option<()> = cut
                .off(async {
                    yield_now().await;
                    panic!("out of paper")
                })
                .await;
        })
    });
    assert_eq!(panicked, "`call` panicked: out of paper");

    let forgotten = told(&|| dropped_at_each_poll("`call`", 20, async |_| {}));
    assert_eq!(forgotten, "The case of `call` passed no call to `Cut::off`.");

    let ready = dropped_at_each_poll("`call`", 20, async |cut| {
        cut.off(poll_fn(|_| Poll::Ready(()))).await;
    });
    assert_eq!(ready, 1);
}
