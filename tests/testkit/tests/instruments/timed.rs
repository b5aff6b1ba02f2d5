//! A timed call: what it returns and how long it takes, and the texts for those that never come to that.

use std::future::pending;
use std::time::Duration;

use testkit::{timed, vt};
use tokio::runtime::Handle;
use tokio::task::yield_now;
use tokio::time::sleep;

const MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

fn told<F: Future>(future: F) -> String {
    vt(timed("`call`", 40, future)).0.expect_err("it goes wrong")
}

#[test]
fn a_call_that_returns() {
    let call = async {
        sleep(MONTH).await;
        yield_now().await;
        "done"
    };
    let (timed, took) = vt(timed("`call`", 3, call));
    let timed = timed.unwrap();
    assert_eq!((timed.output, timed.took, timed.polls, took), ("done", MONTH, 3, MONTH));
}

#[test]
fn a_blocked_thread_shows_in_a_poll() {
    let nap = Duration::from_millis(20);
    #[expect(clippy::disallowed_methods, reason = "it is what is measured")]
    let call = async { std::thread::sleep(nap) };
    let timed = vt(timed("`call`", 3, call)).0.unwrap();
    assert!(timed.longest_poll >= nap && timed.took.is_zero(), "{timed:?}");
}

#[test]
fn a_call_that_asks_again_and_again() {
    let text = told(async {
        loop {
            yield_now().await;
        }
    });
    assert!(text.starts_with("`call` was polled 40 times in a row while no time passed"), "{text}");
    let text = told(async {
        loop {
            sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(text.starts_with("`call` was polled 40 times in 400 ms"), "{text}");
}

#[test]
fn a_call_that_never_returns() {
    let text = told(pending::<()>());
    assert!(text.starts_with("`call` had not returned after 700 days"), "{text}");
}

#[test]
fn a_call_that_panics() {
    let text = told(async { panic!("out of paper") });
    assert_eq!(text, "`call` panicked: out of paper");
    let text = told(async { Handle::current().block_on(sleep(MONTH)) });
    assert!(text.starts_with("`call` blocks the thread of the runtime"), "{text}");
    let text = told(async { tokio::task::block_in_place(|| 7) });
    assert!(text.starts_with("`call` blocks the only thread of the runtime"), "{text}");
}
