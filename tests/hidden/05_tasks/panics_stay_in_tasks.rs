//! Hidden tests of `panics_stay_in_tasks`: what is told of a job that panicked, of one that was cancelled, and of the
//! others.

use std::future::pending;
use std::time::Duration;

use exercise::report;
use testkit::{Log, check_eq, panic_of, pick, stage, vt};
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// A job's panic is told by its text, and the report goes on.
#[test]
fn a_panic_is_an_outcome() {
    let disk = pick(10..=999);
    let outcomes = tell(|| vec![tokio::spawn(async { panic!("boom") })]);
    check_eq!(
        outcomes,
        [Outcome::Panicked("boom".to_owned())],
        "A job panicked with the text \"boom\", and the report tells something else."
    );
    let outcomes = tell(move || vec![tokio::spawn(async move { panic!("disk {disk} is full") })]);
    check_eq!(
        outcomes,
        [Outcome::Panicked(format!("disk {disk} is full"))],
        "A job panicked with a text that was made at run time, and the report tells something else."
    );
}

/// A job that somebody aborted was cancelled. It did not panic.
#[test]
fn an_aborted_job_is_cancelled() {
    let before = tell(|| {
        let job = tokio::spawn(pending());
        job.abort();
        vec![job]
    });
    let meanwhile = tell(|| {
        let job = tokio::spawn(pending());
        let abort = job.abort_handle();
        tokio::spawn(async move {
            sleep(Duration::from_secs(60)).await;
            abort.abort();
        });
        vec![job]
    });
    for outcomes in [before, meanwhile] {
        assert!(
            !matches!(outcomes[..], [Outcome::Panicked(_)]),
            "An aborted task did not panic. A `JoinError` has two causes, and it can tell you which.\n   found: {outcomes:?}"
        );
        check_eq!(outcomes, [Outcome::Cancelled], "A job was aborted, and the report tells something else.");
    }
}

/// The other jobs come to their ends and are told, each in its place.
#[test]
fn the_other_jobs_are_told_too() {
    let (number, ends) = (u32::try_from(pick(10..=9_999)).expect("it was picked small enough"), Log::new());
    let outcomes = tell(|| {
        let jobs = vec![
            slow(number, 1, &ends),
            tokio::spawn(async { panic!("boom") }),
            slow(number + 1, 3, &ends),
            tokio::spawn(pending()),
            slow(number + 2, 2, &ends),
        ];
        jobs[3].abort();
        jobs
    });
    assert!(
        ends.len() == 3,
        "{} of 3 healthy jobs came to their ends. One task's panic is no reason to stop the others.",
        ends.len()
    );
    let expected = [
        Outcome::Done(number),
        Outcome::Panicked("boom".to_owned()),
        Outcome::Done(number + 1),
        Outcome::Cancelled,
        Outcome::Done(number + 2),
    ];
    assert!(
        outcomes.len() == expected.len(),
        "There were {} jobs, and the report tells of {}. Every job has an outcome, also one that failed.\n   found: \
         {outcomes:?}",
        expected.len(),
        outcomes.len()
    );
    check_eq!(
        outcomes,
        expected,
        "The report has to tell what became of each job, in the order of the jobs."
    );
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

/// A job that needs some hours.
fn slow(number: u32, hours: u64, ends: &Log) -> JoinHandle<u32> {
    let ends = ends.clone();
    tokio::spawn(async move {
        sleep(Duration::from_secs(3600 * hours)).await;
        ends.push("end");
        number
    })
}

fn tell(jobs: impl FnOnce() -> Vec<JoinHandle<u32>>) -> Vec<Outcome> {
    stage("`report` waits for its jobs");
    // With paused time, a day costs nothing, and a plan that nobody will wake is found out.
    let run = panic_of(|| vt(async { timeout(Duration::from_secs(24 * 3600), report(jobs())).await }).0);
    match run {
        Ok(Ok(outcomes)) => outcomes.into_iter().map(Outcome::from).collect(),
        Ok(Err(_)) => panic!("All jobs were over, and `report` still waits."),
        Err(text) if text.contains("reason is not a panic") => panic!(
            "An aborted task did not panic, so there is no payload to take out of its `JoinError`. You asked for one, \
             and `report` panicked: {text}"
        ),
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second engine inside the first one: `report` is being carried out by an engine already, and \
             a `JoinHandle` is a future that you can await."
        ),
        Err(text) if ["boom", "is full", "Cancelled"].iter().any(|part| text.contains(part)) => panic!(
            "A job failed, and `report` panicked with it. A panic in a task never unwinds into its spawner: the \
             runtime catches it, and the `JoinHandle` hands it out as an `Err`. It goes on only if your code passes it \
             on. ({text})"
        ),
        Err(text) => panic!("`report` panicked: {text}"),
    }
}
