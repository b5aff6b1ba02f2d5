//! Hidden tests of `runtime_inside_runtime`.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::thread;

use testkit::{panic_of, rt, stage};
use tokio::sync::oneshot;

/// Polls of one future on the runtime's own thread, without a turn for any other task, that no executor makes.
const CIRCLES: usize = 10_000;

fn some_rate() -> u32 {
    (RandomState::new().hash_one(()) % 1_000_000) as u32
}

/// Runs `test` on one thread; a panic of the learner's code becomes a failure that starts with what happened.
fn on_one_thread<T>(test: impl Future<Output = T>) -> T {
    match panic_of(|| rt(test)) {
        Ok(value) => value,
        Err(text) if text.contains("Cannot start a runtime from within a runtime") => panic!(
            "`invoice` called `block_on` on a thread that is driving a runtime already.\n\
             Tokio refuses: a blocked thread drives nobody, also not the task that the rate comes from.\nTokio's panic: {text}"
        ),
        Err(text) if text.contains("can call blocking only") => panic!(
            "`block_in_place` hands the other tasks to another worker thread, and this runtime has no other thread.\n\
             Nothing has to block here: `invoice` is async.\nTokio's panic: {text}"
        ),
        Err(text) if text.contains("no reactor running") => panic!(
            "`invoice` took the rate to a thread without a runtime (\"there is no reactor running\").\nTokio's panic: {text}"
        ),
        Err(text) => panic!("`invoice` panicked.\n{text}"),
    }
}

/// The rate comes from a task that runs on the same thread as `invoice`.
#[test]
fn the_rate_comes_from_a_task_on_the_same_thread() {
    let rate = some_rate();
    let sibling_ran = Arc::new(AtomicBool::new(false));
    let circling = Arc::new(AtomicBool::new(false));
    let (ran, circles) = (sibling_ran.clone(), circling.clone());

    let line: String = on_one_thread(async move {
        let runtime_thread = thread::current().id();
        let (publish, mut published) = oneshot::channel();
        tokio::spawn({
            let ran = ran.clone();
            async move {
                // Not at the first turn: the rate has to be waited for.
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                }
                ran.store(true, Ordering::SeqCst);
                stage("the other task has published the rate");
                let _ = publish.send(rate);
            }
        });
        let polls = AtomicUsize::new(0);
        let wanted = std::future::poll_fn(move |cx| {
            stage("`invoice` is waiting for a rate that another task of this thread publishes");
            if let Poll::Ready(rate) = std::pin::Pin::new(&mut published).poll(cx) {
                return Poll::Ready(rate.unwrap_or(0));
            }
            let here = thread::current().id() == runtime_thread;
            if here && polls.fetch_add(1, Ordering::SeqCst) > CIRCLES && !ran.load(Ordering::SeqCst) {
                circles.store(true, Ordering::SeqCst);
                return Poll::Ready(0);
            }
            Poll::Pending
        });
        exercise::invoice("Ada", wanted).await
    });

    assert!(
        !circling.load(Ordering::SeqCst),
        "The only runtime thread polls the rate in circles, waiting for a task that needs that same thread.\n\
         Return to the executor while there is nothing to do: that is what `.await` does."
    );
    assert!(
        sibling_ran.load(Ordering::SeqCst),
        "`invoice` was done before the rate was there: it wrote {line:?}.\n\
         The line has to wait for the rate."
    );
    let expected = format!("Ada pays at {rate}");
    assert!(
        line == expected,
        "The rate is {rate}, the invoice says something else.\n   expected: {expected:?}\n   found: {line:?}"
    );
}

/// A rate that is known already is written down as well.
#[test]
fn a_known_rate_is_written_down() {
    let rate = some_rate();
    let line: String = on_one_thread(exercise::invoice("Grace", async move { rate }));
    let expected = format!("Grace pays at {rate}");
    assert!(
        line == expected,
        "The rate is {rate}, the invoice says something else.\n   expected: {expected:?}\n   found: {line:?}"
    );
}
