//! Hidden tests of `spawned_then_gone`: how many copies are written when `replicate` returns, how long it took, and what
//! it does about a copy that is missing.

use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::replicate;
use testkit::{
    InFlight, Log, Timeline, handed_on, in_words, panic_of, pick, side_by_side, stage, vt, within_polls,
};
use tokio::time::{sleep, timeout};

/// All copies are written when `replicate` returns, even if that takes a year.
#[test]
fn every_copy_is_written() {
    for takes in [vec![long(), hours(1), hours(2)], vec![hours(1), hours(4), long(), hours(5), millis()]] {
        let Seen { all, done, waited, .. } = watch(&takes);
        if done == all {
            continue;
        }
        assert!(
            !waited.is_zero(),
            "{done} of {all} copies were written when `replicate` returned. It started the writers and waited for \
             none of them. When `main` ends, so does the runtime, and it drops unfinished tasks."
        );
        assert!(
            !takes.iter().any(|takes| waited.abs_diff(*takes) < GRAIN),
            "{done} of {all} copies were written when `replicate` returned. It waited for one writer; there is a \
             handle for each of them."
        );
        panic!(
            "{done} of {all} done. `replicate` waited for {} and returned. A sleep or a time limit is only a guess; \
             a `JoinHandle` knows when its task is done.",
            in_words(waited)
        );
    }
}

/// `replicate` takes as long as the slowest writer: not the sum of all, and not longer.
#[test]
fn it_takes_as_long_as_the_slowest_writer() {
    for slowest in [long(), millis()] {
        let others = [slowest / 3, slowest / 2];
        for takes in [[slowest, others[0], others[1]], [others[0], others[1], slowest]] {
            check_time(&watch(&takes), slowest);
        }
    }
}

/// There may be hundreds of writers, one, or none.
#[test]
fn any_number_of_writers_is_at_work_at_once() {
    let (many, slowest) = (usize::try_from(pick(400..=700)).expect("it was picked small enough"), long());
    for count in [0, 1, many] {
        let takes: Vec<_> = (0..count).map(|n| if n == count / 2 { slowest } else { millis() }).collect();
        let seen = watch(&takes);
        assert!(
            seen.done == seen.all,
            "{} of {count} copies were written when `replicate` returned, after {}.",
            seen.done,
            in_words(seen.waited)
        );
        check_time(&seen, if count == 0 { Duration::ZERO } else { slowest });
    }
}

/// The copy of a writer that panics is missing, and `replicate` panics too.
#[test]
fn a_missing_copy_is_not_kept_secret() {
    let home = thread::current().id();
    for broken in 0..3 {
        let writers = (0..3).map(|n| async move {
            if thread::current().id() == home {
                sleep(hours(3 - n)).await;
            }
            // hermetic: the panic is what is tested
            assert!(n != broken, "the disk is full");
        });
        stage("one of three writers panics");
        let plan = within_polls(16, replicate(writers.collect()));
        let run = panic_of(|| vt(async { timeout(FOR_EVER, plan).await }).0);
        if let Ok(Err(_) | Ok(None)) = run {
            panic!(
                "Writer {} of 3 panicked, all others are done, but `replicate` still waits: it neither panics nor \
                 returns.",
                broken + 1
            );
        }
        assert!(
            run.is_err(),
            "Writer {} of 3 panicked, but `replicate` returned as if every copy had been written. If you await the \
             handle of a task that panicked, you get an `Err`; do not throw it away.",
            broken + 1
        );
    }
}

/// It may be polled by one task first, and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `replicate`");
    let writers = (1..=3).map(|n| async move { sleep(hours(n)).await }).collect();
    if let Err(text) = panic_of(|| vt(handed_on("`replicate`", 16, replicate(writers)))) {
        panic!("{text}");
    }
}

/// Two records may be written at the same time, and the quick one does not wait for the slow one.
#[test]
fn calls_do_not_wait_for_each_other() {
    stage("`replicate` has been called twice, with a slow writer and with a quick one");
    let call = |takes| replicate(vec![async move { sleep(takes).await }]);
    if let Err(text) = panic_of(|| vt(side_by_side("`replicate`", 16, call(long()), call(millis())))) {
        panic!("{text}");
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

fn check_time(seen: &Seen, slowest: Duration) {
    let Seen { all, waited, most_at_once, .. } = *seen;
    let (took, needs) = (in_words(waited), in_words(slowest));
    assert!(
        waited >= slowest,
        "`replicate` returned after {took}, but the slowest writer needs {needs}. A task runs by itself; to wait for \
         it, await its handle."
    );
    assert!(
        all < 2 || most_at_once > 1,
        "One after another: {took}, wanted {needs}. The writers can all run at once: start every one of them before \
         you wait for the first."
    );
    assert!(
        most_at_once == all,
        "At most {most_at_once} of {all} writers were running at the same time. There is no limit: start every one \
         of them before you wait for the first."
    );
    assert!(
        waited < slowest + GRAIN,
        "`replicate` took {took}, but the last writer was done after {needs}. You waited by the clock, which is only \
         a guess. A `JoinHandle` says when its task is done."
    );
}

fn watch(takes: &[Duration]) -> Seen {
    let (written, strangers, at_work) = (Log::new(), Log::new(), InFlight::new());
    let (timeline, home, all) = (Timeline::new(), thread::current().id(), takes.len());
    let lane = timeline.lane("replicate");
    let writers = takes.iter().zip(1..).map(|(&takes, n)| {
        let (written, strangers, at_work) = (written.clone(), strangers.clone(), at_work.clone());
        let writer = write(takes, home, written, strangers, at_work);
        let lane = if n < 7 { format!("copy {n}") } else { "more copies".to_owned() };
        timeline.lane(lane).watch(writer)
    });
    let writers = writers.collect();
    stage("`replicate` has been called");
    let polls = 2 * all + 10;
    let run = panic_of(|| {
        vt(async { timeout(FOR_EVER, within_polls(polls, lane.watch(replicate(writers)))).await })
    });
    assert!(
        strangers.is_empty(),
        "{} of {all} writers ran on separate threads. The runtime that `replicate` is called on can wait for all of \
         them with the thread that it has: spawn them there.",
        strangers.len()
    );
    match run {
        Ok((Ok(Some(())), waited)) => Seen { all, done: written.len(), waited, most_at_once: at_work.max() },
        Ok((Ok(None), _)) => panic!(
            "`replicate` was polled {polls} times while {all} writers were running: it keeps asking whether they are \
             done. Await a `JoinHandle`, and you are woken once, when its task is done."
        ),
        Ok((Err(_), _)) => panic!(
            "{} of {all} copies are written and {} writers are running, but `replicate` still waits. Nothing is left \
             that could wake it.",
            written.len(),
            at_work.now()
        ),
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second runtime inside the first one: `replicate` already runs on a runtime, and a \
             `JoinHandle` is a future that you can await. ({text})"
        ),
        Err(text) if all == 0 => panic!("There were no writers, and `replicate` panicked: {text}"),
        Err(text) => panic!("`replicate` panicked before it was done: {text}"),
    }
}

/// A writer. On another thread than `home` it does not wait: the clock there may be a real one.
async fn write(takes: Duration, home: ThreadId, written: Log, strangers: Log, at_work: InFlight) {
    if thread::current().id() == home {
        let _writing = at_work.enter();
        sleep(takes).await;
    } else {
        strangers.push("a writer");
    }
    written.push("a copy");
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_millis(pick(300 * 24 * 3_600_000..=360 * 24 * 3_600_000))
}

/// Shorter than any guess.
fn millis() -> Duration {
    Duration::from_millis(pick(1..=3))
}

/// So many hours, and a bit, as no guess would have it.
fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours) + Duration::from_millis(pick(1_001..=999_999))
}
