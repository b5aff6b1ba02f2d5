//! Hidden tests of `panics_stay_in_tasks`: what is reported of a job that panicked, of one that was cancelled, and of the
//! others.

use std::future::pending;
use std::time::Duration;

use exercise::report;
use testkit::{
    DropLog, Log, check_eq, handed_on, in_words, panic_of, pick, settle, side_by_side, stage, vt,
    within_polls,
};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// The report gives the text of a job's panic, and then goes on.
#[test]
fn a_panic_is_an_outcome() {
    // hermetic: the panic is what is tested
    let outcomes = tell(&Ends::new(), || vec![tokio::spawn(async { panic!("boom") })]).outcomes;
    check_panic(only(&outcomes), "boom", "");
    let made = format!("disk {} is full", pick(10..=999));
    panics_with(&made, ", put together at run time");
}

/// A job that somebody aborted was cancelled. It did not panic.
#[test]
fn an_aborted_job_is_cancelled() {
    let before = tell(&Ends::new(), || {
        let job = tokio::spawn(pending());
        job.abort();
        vec![job]
    });
    let meanwhile = tell(&Ends::new(), || {
        let job = tokio::spawn(pending());
        let abort = job.abort_handle();
        tokio::spawn(async move {
            sleep(long()).await;
            abort.abort();
        });
        vec![job]
    });
    for outcomes in [before.outcomes, meanwhile.outcomes] {
        let told = only(&outcomes);
        assert!(
            !matches!(told, Outcome::Panicked(_)),
            "An aborted task did not panic, but the report says {told:?}. A `JoinError` has two causes; ask it which \
             one it is."
        );
        check_eq!(*told, Outcome::Cancelled, "A job was aborted, but the report says {told:?}.");
    }
}

/// The text of a panic is reported as it is, even if it is empty or looks like something else.
#[test]
fn any_text_of_a_panic_is_told() {
    for text in ["the order was cancelled", "", "no text"] {
        panics_with(text, "");
    }
}

/// The other jobs run to their end and are reported, each in its place.
#[test]
fn the_other_jobs_are_told_too() {
    let (number, ends) = (u32::try_from(pick(10..=9_999)).expect("it was picked small enough"), Ends::new());
    for slowest in [hours(3), long()] {
        ends.clear();
        let told = tell(&ends, || {
            let jobs = vec![
                ends.job(number, hours(1)),
                // hermetic: the panic is what is tested
                tokio::spawn(async { panic!("boom") }),
                ends.job(0, slowest),
                tokio::spawn(pending()),
                ends.job(u32::MAX, hours(2)),
                ends.job(number, Duration::from_millis(pick(1..=3))),
                tokio::spawn(async {
                    sleep(hours(2)).await;
                    // hermetic: the panic is what is tested
                    panic!("late boom")
                }),
            ];
            jobs[3].abort();
            jobs
        });
        let expected = [
            Outcome::Done(number),
            Outcome::Panicked("boom".to_owned()),
            Outcome::Done(0),
            Outcome::Cancelled,
            Outcome::Done(u32::MAX),
            Outcome::Done(number),
            Outcome::Panicked("late boom".to_owned()),
        ];
        compare(&told, &expected);
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            told.took < slowest + Duration::from_millis(2),
            "The last job was over after {}, but the report came after {}.",
            in_words(slowest),
            in_words(told.took)
        );
    }
}

/// There may be hundreds of jobs, or none, and any of them may fail.
#[test]
fn any_number_of_jobs_is_told() {
    for count in [0, 1, u32::try_from(pick(400..=700)).expect("it was picked small enough")] {
        let ends = Ends::new();
        let expected: Vec<_> = (0..count)
            .map(|n| match n % 7 {
                2 => Outcome::Panicked(format!("boom {n}")),
                4 | 5 => Outcome::Cancelled,
                _ => Outcome::Done(n / 10),
            })
            .collect();
        let told = tell(&ends, || {
            let start = |(n, expected): (u32, &Outcome)| match expected {
                Outcome::Done(number) => ends.job(*number, Duration::from_secs(u64::from(n * 7919 % 1000))),
                Outcome::Panicked(text) => tokio::spawn({
                    let text = text.clone();
                    // hermetic: the panic is what is tested
                    async move { panic!("{text}") }
                }),
                Outcome::Cancelled => {
                    let job = tokio::spawn(pending());
                    job.abort();
                    job
                }
            };
            (0..).zip(&expected).map(start).collect()
        });
        compare(&told, &expected);
    }
}

/// It may be polled by one task first, and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `report`");
    let ends = Ends::new();
    let report =
        async { handed_on("`report`", 16, report((1..=3).map(|n| ends.job(n, hours(1))).collect())).await };
    if let Err(text) = panic_of(|| vt(report)) {
        panic!("{text}");
    }
}

/// Two reports may run at the same time: each reports its own jobs, and does not wait for those of the other.
#[test]
fn calls_do_not_wait_for_each_other() {
    stage("`report` has been called twice, with a slow job and with a quick one");
    let ends = Ends::new();
    let call = |number, takes| report(vec![ends.job(number, takes)]);
    let reports = async { side_by_side("`report`", 16, call(1, long()), call(2, hours(1))).await };
    match panic_of(|| vt(reports).0) {
        Err(text) => panic!("{text}"),
        Ok(told) => {
            let [slow, quick] =
                [told.0, told.1].map(|outcomes| outcomes.into_iter().map(Outcome::from).collect::<Vec<_>>());
            assert!(
                slow == [Outcome::Done(1)] && quick == [Outcome::Done(2)],
                "Two calls of `report` ran at the same time, each with one job; the jobs returned 1 and 2. The calls \
                 reported {slow:?} and {quick:?}. Each call reports its own jobs."
            );
        }
    }
}

/// Has a job panic with this text.
fn panics_with(text: &str, how: &str) {
    let panics = text.to_owned();
    // hermetic: the panic is what is tested
    let outcomes = tell(&Ends::new(), || vec![tokio::spawn(async move { panic!("{panics}") })]).outcomes;
    check_panic(only(&outcomes), text, how);
}

fn check_panic(told: &Outcome, text: &str, how: &str) {
    assert!(
        matches!(told, Outcome::Panicked(_)),
        "A job panicked with the text {text:?}{how}, but the report says {told:?}. The `JoinError` of its handle \
         says that it was a panic."
    );
    check_eq!(
        *told,
        Outcome::Panicked(text.to_owned()),
        "A job panicked with the text {text:?}{how}, but the report says {told:?}, which is a different text. The \
         error keeps what was passed to `panic!`, and `text_of` takes that."
    );
}

fn compare(told: &Told, expected: &[Outcome]) {
    let Told { outcomes, took, .. } = told;
    let stopped = told.dropped - told.ended;
    assert!(
        stopped == 0,
        "{} stopped before the end, after {}. Do not stop jobs: neither the panic of another job is a reason, nor \
         the time that a job takes.",
        if stopped == 1 { "A healthy job was".to_owned() } else { format!("{stopped} healthy jobs were") },
        in_words(*took)
    );
    let healthy = |outcome: &Outcome| matches!(outcome, Outcome::Done(_));
    let given_up =
        expected.iter().zip(outcomes).filter(|(job, told)| healthy(job) && **told == Outcome::Cancelled);
    let (given_up, running) = (given_up.count(), told.started - told.ended);
    assert!(
        given_up == 0 || running == 0,
        "{given_up} jobs were reported as cancelled after {}, and {running} jobs were still running. Nobody had \
         cancelled them, so the report has to wait for them.",
        in_words(*took)
    );
    let (jobs, lines) = (expected.len(), outcomes.len());
    let first = expected.iter().position(|outcome| !healthy(outcome));
    assert!(
        lines == jobs || first.is_none_or(|first| lines != first && lines != first + 1),
        "There were {jobs} jobs, but the report lists {lines}: it ended at the first one that failed. The jobs after \
         that one have outcomes, too."
    );
    assert!(
        lines == jobs,
        "There were {jobs} jobs, but the report lists {lines}. Every job has an outcome, even one that failed."
    );
    let Some(place) = (0..jobs).find(|place| outcomes[*place] != expected[*place]) else { return };
    let (found, wanted, number) = (&outcomes[place], &expected[place], place + 1);
    let elsewhere = expected.iter().all(|outcome| outcomes.contains(outcome));
    assert!(
        !elsewhere,
        "Every outcome is reported, but not in the order of the jobs: for job {number}, the report says {found:?}, \
         but the outcome was {wanted:?}."
    );
    panic!("For job {number}, the report says {found:?}, but its outcome was {wanted:?}.");
}

/// The outcomes of the exercise, compared by the test's own means.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done(u32),
    Panicked(String),
    Cancelled,
}

impl From<exercise::Outcome> for Outcome {
    fn from(outcome: exercise::Outcome) -> Self {
        match outcome {
            exercise::Outcome::Done(number) => Self::Done(number),
            exercise::Outcome::Panicked(text) => Self::Panicked(text),
            exercise::Outcome::Cancelled => Self::Cancelled,
        }
    }
}

fn only(outcomes: &[Outcome]) -> &Outcome {
    match outcomes {
        [outcome] => outcome,
        _ => panic!(
            "There was one job, which failed, but the report lists {} jobs: {outcomes:?}",
            outcomes.len()
        ),
    }
}

/// How far the healthy jobs have come.
struct Ends {
    started: Log,
    ended: Log,
    dropped: Log,
}

impl Ends {
    fn new() -> Self {
        Self { started: Log::new(), ended: Log::new(), dropped: Log::new() }
    }

    fn clear(&self) {
        [&self.started, &self.ended, &self.dropped].map(Log::clear);
    }

    /// A job that comes to a number, in its time.
    fn job(&self, number: u32, takes: Duration) -> JoinHandle<u32> {
        let (ended, gone) = (self.ended.clone(), DropLog::new(&self.dropped, "job"));
        self.started.push("job");
        tokio::spawn(async move {
            let _gone = gone;
            sleep(takes).await;
            ended.push("job");
            number
        })
    }
}

/// What a run of `report` came to.
struct Told {
    outcomes: Vec<Outcome>,
    took: Duration,
    /// Healthy jobs that had been started, that had come to their ends, and that were gone, when it returned.
    started: usize,
    ended: usize,
    dropped: usize,
}

fn tell(ends: &Ends, jobs: impl FnOnce() -> Vec<JoinHandle<u32>>) -> Told {
    stage("`report` waits for its jobs");
    let count = std::cell::Cell::new(0);
    let run = panic_of(|| {
        vt(async {
            let jobs = jobs();
            count.set(jobs.len());
            let start = Instant::now();
            let outcomes = timeout(FOR_EVER, within_polls(2 * count.get() + 10, report(jobs))).await;
            let took = start.elapsed();
            settle().await;
            (outcomes, took, ends.started.len(), ends.ended.len(), ends.dropped.len())
        })
        .0
    });
    match run {
        Ok((Ok(Some(outcomes)), took, started, ended, dropped)) => Told {
            outcomes: outcomes.into_iter().map(Outcome::from).collect(),
            took,
            started,
            ended,
            dropped,
        },
        Ok((Ok(None), ..)) => panic!(
            "`report` was polled {} times while it waited for {}: it keeps asking whether they are over. Await a \
             `JoinHandle`, and you are woken once, when its job is over.",
            2 * count.get() + 10,
            if count.get() == 1 { "one job".to_owned() } else { format!("{} jobs", count.get()) }
        ),
        Ok((Err(_), ..)) => panic!(
            "All {} jobs are over, but `report` still waits. Nothing is left that could wake it.",
            count.get()
        ),
        Err(text) if text.contains("reason is not a panic") => panic!(
            "An aborted task did not panic, so there is no payload to take out of its `JoinError`. You asked for one, \
             and `report` panicked: {text}"
        ),
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second runtime inside the first one: `report` already runs on a runtime, and a \
             `JoinHandle` is a future that you can await. ({text})"
        ),
        Err(text) if ["boom", "is full", "JoinError", "Cancelled"].iter().any(|part| text.contains(part)) => {
            panic!(
                "A job failed, and `report` panicked with it. A panic in a task never unwinds into its spawner: the \
                 runtime catches it, and the `JoinHandle` returns it as an `Err`. It goes on only if your code \
                 panics again. ({text})"
            )
        }
        Err(text) if count.get() == 0 => panic!("There were no jobs, and `report` panicked: {text}"),
        Err(text) => panic!("`report` panicked before it was done: {text}"),
    }
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_secs(pick(300 * 24 * 3600..=400 * 24 * 3600))
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}
