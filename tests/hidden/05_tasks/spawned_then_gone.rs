//! Hidden tests of `spawned_then_gone`: how many copies are written when `replicate` returns, and how long it took.

use std::future::poll_fn;
use std::pin::pin;
use std::time::Duration;

use exercise::replicate;
use testkit::{InFlight, Log, Timeline, panic_of, pick, stage, vt};

/// All copies are written when `replicate` returns, even if that takes hours.
#[test]
fn every_copy_is_written() {
    let long = pick(6..=20);
    for hours in [&[][..], &[long, 1, 2], &[1, 4, long, 5, 3]] {
        let Seen { all, done, waited, .. } = watch(hours);
        if done == all {
            continue;
        }
        assert!(
            !waited.is_zero(),
            "{done} of {all} copies were written when `replicate` returned. It started the writers and waited for \
             none of them. When `main` is done, so is the runtime, and it takes unfinished tasks along."
        );
        assert!(
            !hours.iter().any(|&hours| waited == of_hours(hours)),
            "{done} of {all} copies were written when `replicate` returned. It waited for one writer; there is a \
             handle for each of them."
        );
        panic!(
            "{done} of {all} done. `replicate` waited for {} s and returned. A sleep is a guess; a `JoinHandle` is a \
             promise.",
            waited.as_secs_f64()
        );
    }
}

/// `replicate` takes as long as the slowest writer: not the sum of all, and not longer.
#[test]
fn it_takes_as_long_as_the_slowest_writer() {
    let long = pick(6..=20);
    for hours in [[long, 1, 2], [1, 2, long]] {
        let Seen { waited, most_at_once, .. } = watch(&hours);
        let slowest = of_hours(long);
        assert!(
            waited >= slowest,
            "`replicate` returned after {} h, and the slowest writer needs {} h. A task goes on by itself, and only \
             awaiting its handle waits for it.",
            in_hours(waited),
            in_hours(slowest)
        );
        assert!(
            most_at_once > 1,
            "One after another: {} h, wanted {} h. The writers can all be under way at once: start every one of them \
             before you wait for the first.",
            in_hours(waited),
            in_hours(slowest)
        );
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            waited < slowest + Duration::from_millis(5),
            "`replicate` took {} h, and the last writer was done after {} h. You waited by the clock, and a clock only \
             guesses. A `JoinHandle` says when its task is done.",
            in_hours(waited),
            in_hours(slowest)
        );
    }
}

/// What a run of `replicate` came to.
struct Seen {
    all: usize,
    /// Copies that were written when it returned.
    done: usize,
    /// Virtual time until it returned.
    waited: Duration,
    most_at_once: usize,
}

fn watch(hours: &[u64]) -> Seen {
    let (written, at_work) = (Log::new(), InFlight::new());
    let timeline = Timeline::new();
    let lane = timeline.lane("replicate");
    let writers = hours
        .iter()
        .zip(1..)
        .map(|(&hours, n)| {
            let (written, at_work) = (written.clone(), at_work.clone());
            timeline.lane(format!("copy {n}")).watch(async move {
                let _writing = at_work.enter();
                tokio::time::sleep(of_hours(hours)).await;
                written.push("copy");
            })
        })
        .collect();
    stage("`replicate` has been called");
    match panic_of(|| vt(counted(lane.watch(replicate(writers))))) {
        Ok((done, waited)) => {
            assert!(done.is_some(), "{SPINS}");
            Seen { all: hours.len(), done: written.len(), waited, most_at_once: at_work.max() }
        }
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "You started a second engine inside the first one: `replicate` is being carried out by an engine already, \
             and a `JoinHandle` is a future that you can await."
            )
        }
        Err(text) => panic!("`replicate` panicked before the copies were written: {text}"),
    }
}

const SPINS: &str = "`replicate` was polled 10 000 times: it asks its tasks again and again whether they are done. Await \
                     a `JoinHandle`, and you are woken once, when its task is.";

/// Carries a future out, and gives up on one that spins.
async fn counted<F: Future>(future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(move |context| {
        polls += 1;
        if polls > 10_000 {
            return std::task::Poll::Ready(None);
        }
        future.as_mut().poll(context).map(Some)
    })
    .await
}

fn of_hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}

fn in_hours(time: Duration) -> String {
    let text = format!("{:.2}", time.as_secs_f64() / 3600.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
