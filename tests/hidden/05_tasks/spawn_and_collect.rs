//! Hidden tests of `spawn_and_collect`: how long all requests take together, in which order the answers are, and what happens
//! to a panic.

use std::pin::Pin;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::ask_all;
use testkit::{
    InFlight, Log, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage, vt,
    within_polls,
};
use tokio::task::{JoinError, try_id};
use tokio::time::{sleep, timeout};

/// All requests run at once; together they take as long as the slowest.
#[test]
fn it_takes_as_long_as_the_slowest() {
    for slowest in [Duration::from_millis(pick(300..=900)), long(), Duration::from_millis(3)] {
        for takes in [[slowest / 2, slowest / 3, slowest], [slowest, slowest / 2, slowest / 3]] {
            let office = Office::new();
            let (_, took) = office.ask(&takes, &answers(takes.len()));
            office.check_time(took, &takes);
        }
    }
}

/// The first answer belongs to the first request, whichever answer comes in first.
#[test]
fn answers_keep_the_order_of_the_requests() {
    for millis in [[30, 10, 40, 20, 1], [10, 40, 20, 30, 2]] {
        let (takes, expected) = (millis.map(Duration::from_millis), answers(millis.len()));
        check_answers(Office::new().ask(&takes, &expected).0, &expected);
    }
}

/// There may be hundreds of requests, one, or none; each is a separate task.
#[test]
fn any_number_is_under_way_at_once() {
    let (many, slowest) = (usize::try_from(pick(400..=700)).expect("it was picked small enough"), long());
    for count in [2, 1, 0, many] {
        let takes: Vec<_> = (0..count)
            .map(|n| if n == count / 2 { slowest } else { Duration::from_millis(pick(1..=3)) })
            .collect();
        let (office, expected) = (Office::new(), answers(count));
        let (answered, took) = office.ask(&takes, &expected);
        office.check_time(took, &takes);
        check_answers(answered, &expected);
        let mut tasks = office.tasks.events();
        tasks.sort_unstable();
        tasks.dedup();
        assert!(
            tasks.len() == count,
            "{count} requests ran in {} tasks. Each has to be a separate task, because then a panic, for example, \
             stays in it.",
            tasks.len()
        );
    }
}

/// A request that panics makes `ask_all` return the error.
#[test]
fn a_panic_comes_back_as_an_error() {
    let home = thread::current().id();
    for broken in [&[2][..], &[1], &[3], &[1, 3]] {
        let requests = (1..=3).map(|n| {
            let (panics, takes) = (broken.contains(&n), [hours(2), hours(1), long()][n - 1]);
            Box::pin(async move {
                if thread::current().id() == home {
                    sleep(takes).await;
                }
                // hermetic: the panic is what is tested
                assert!(!panics, "no such service");
                n as u64
            }) as Pin<Box<dyn Future<Output = u64> + Send>>
        });
        let said = match broken {
            [one] => format!("Request {one} of 3 panicked"),
            _ => "Requests 1 and 3 of 3 panicked".to_owned(),
        };
        match carry_out(requests.collect(), 3, &format!("{said}, and a")).0 {
            Ok(answers) => panic!(
                "{said}, but `ask_all` returned {answers:?} as if nothing had happened. Awaiting its `JoinHandle` \
                 gives an `Err`: return that."
            ),
            Err(error) => assert!(
                error.is_panic(),
                "{said}, but the error that `ask_all` returned says something else: {error}. Return the error that \
                 you get from the handle of such a request."
            ),
        }
    }
}

/// It may be polled by one task first, and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `ask_all`");
    let requests = (1..=3).map(|n| async move {
        sleep(hours(n)).await;
        n
    });
    if let Err(text) = panic_of(|| vt(handed_on("`ask_all`", 16, ask_all(requests.collect()))).0.is_ok()) {
        panic!("{text}");
    }
}

/// Two dashboards may ask at the same time: each gets its own answers, and a quick one does not wait for the other.
#[test]
fn calls_do_not_wait_for_each_other() {
    stage("`ask_all` has been called twice, with a slow request and with a quick one");
    let expected = (pick(10..=999), pick(1_000..=9_999));
    let call = |answer, takes| {
        ask_all(vec![async move {
            sleep(takes).await;
            answer
        }])
    };
    let (slow, quick) = (call(expected.0, long()), call(expected.1, Duration::from_millis(3)));
    match panic_of(|| vt(side_by_side("`ask_all`", 16, slow, quick)).0) {
        Err(text) => panic!("{text}"),
        Ok((slow, quick)) => {
            let found = (slow.unwrap_or_default(), quick.unwrap_or_default());
            let expected = (vec![expected.0], vec![expected.1]);
            check_eq!(
                found,
                expected,
                "Two calls of `ask_all` ran at the same time, with one request each: they should return {:?} and \
                 {:?}, but they returned {:?} and {:?}. Each call has its own answers.",
                expected.0,
                expected.1,
                found.0,
                found.1
            );
        }
    }
}

/// Whoever answers requests, and what was seen there.
struct Office {
    at_work: InFlight,
    /// The task of each request.
    tasks: Log,
    /// Requests that were carried out on another thread.
    strangers: Log,
}

impl Office {
    fn new() -> Self {
        Self { at_work: InFlight::new(), tasks: Log::new(), strangers: Log::new() }
    }

    fn ask(&self, takes: &[Duration], answers: &[u64]) -> (Result<Vec<u64>, JoinError>, Duration) {
        let home = thread::current().id();
        let requests = takes.iter().zip(answers).map(|(&takes, &answer)| self.request(answer, takes, home));
        let asked = carry_out(requests.collect(), takes.len(), "A");
        assert!(
            self.strangers.is_empty(),
            "{} of {} requests ran on separate threads. The runtime that `ask_all` is called on can wait for all of \
             them with the thread that it has: spawn them there.",
            self.strangers.len(),
            takes.len()
        );
        asked
    }

    /// A request. On another thread than `home` it does not wait: the clock there may be a real one.
    fn request(
        &self,
        answer: u64,
        takes: Duration,
        home: ThreadId,
    ) -> impl Future<Output = u64> + Send + 'static + use<> {
        let (at_work, tasks, strangers) = (self.at_work.clone(), self.tasks.clone(), self.strangers.clone());
        async move {
            tasks.push(format!("{:?}", try_id()));
            if thread::current().id() == home {
                let _asking = at_work.enter();
                sleep(takes).await;
            } else {
                strangers.push("a request");
            }
            answer
        }
    }

    fn check_time(&self, took: Duration, takes: &[Duration]) {
        let (all, most, slowest) =
            (takes.len(), self.at_work.max(), takes.iter().max().copied().unwrap_or_default());
        let (took_words, needs) = (in_words(took), in_words(slowest));
        assert!(
            all == 0 || !took.is_zero() || self.at_work.total() > 0,
            "`ask_all` returned at once, before any of {all} requests had begun: nothing waited for them. If you \
             await the handle of a task, you wait for the task and get its answer."
        );
        assert!(
            self.at_work.total() == all,
            "{} of {all} requests were made. A request that does not run has no answer.",
            self.at_work.total()
        );
        assert!(
            took >= slowest,
            "`ask_all` returned after {took_words}, but the slowest of {all} requests needs {needs}: it had no \
             answer yet. There is no time limit; an answer is there when the request's task is done."
        );
        assert!(
            all < 2 || most > 1,
            "Ran one after another: {took_words}, wanted {needs}, as long as the slowest takes. The next one began only \
             when the one before it was done."
        );
        assert!(
            most == all,
            "At most {most} of {all} requests were running at the same time. There is no limit: start them all, then \
             wait for each."
        );
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            took < slowest + Duration::from_millis(2),
            "The requests took {took_words} together, but the slowest one takes {needs}. If you await a handle, you \
             are woken when its task is done; there is nothing else to wait for."
        );
    }
}

fn check_answers(answered: Result<Vec<u64>, JoinError>, expected: &[u64]) {
    let found = answered
        .unwrap_or_else(|error| panic!("No request panicked, but `ask_all` returned an error: {error}"));
    assert!(
        found.len() == expected.len(),
        "There were {} requests, but `ask_all` returned {} answers. Each request has one, even if it is 0 or equal \
         to another one.",
        expected.len(),
        found.len()
    );
    let (mut sorted, mut all) = (found.clone(), expected.to_vec());
    sorted.sort_unstable();
    all.sort_unstable();
    let first = found.iter().zip(expected).position(|(found, expected)| found != expected);
    let Some(place) = first else { return };
    let (found_there, expected_there, number) = (found[place], expected[place], place + 1);
    check_eq!(
        sorted,
        all,
        "Answer {number} of {} should be {expected_there}, but it is {found_there}. These are not the answers that \
         the requests gave.",
        found.len()
    );
    check_eq!(
        found,
        expected,
        "Results belong to the wrong jobs: answer {number} is {found_there}, but request {number} gave \
         {expected_there}. The dashboard shows the first answer next to the first request."
    );
}

/// Answers that are known at run time only, and whose order is neither up nor down: with 0, with the largest number that
/// there is, and with two that are equal.
fn answers(count: usize) -> Vec<u64> {
    let base = 10 + pick(0..=1_000_000);
    (0..count).map(|n| [base + 5, 0, base + 9, base + 5, u64::MAX, base, base + 3][n % 7]).collect()
}

/// Has `ask_all` carried out, and tells how long it took. A message of waiting begins with what was `said`.
fn carry_out<R>(requests: Vec<R>, count: usize, said: &str) -> (Result<Vec<u64>, JoinError>, Duration)
where
    R: Future<Output = u64> + Send + 'static,
{
    let timeline = Timeline::new();
    let lane = timeline.lane("ask_all");
    let requests = requests.into_iter().zip(1..).map(|(request, n)| {
        let lane = if n < 7 { format!("request {n}") } else { "more requests".to_owned() };
        timeline.lane(lane).watch(request)
    });
    let requests = requests.collect();
    stage("`ask_all` has been called");
    let polls = 2 * count + 10;
    match panic_of(|| {
        vt(async { timeout(FOR_EVER, within_polls(polls, lane.watch(ask_all(requests)))).await })
    }) {
        Ok((Ok(Some(answered)), took)) => (answered, took),
        Ok((Ok(None), _)) => panic!(
            "`ask_all` was polled {polls} times while {count} requests were running: it keeps asking whether they \
             are done. Await a `JoinHandle`, and you are woken once, when its task is done."
        ),
        Ok((Err(_), _)) => panic!(
            "{said}ll {count} requests are over by now. `ask_all` still waits, and nothing is left that could wake \
             it."
        ),
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second runtime inside the first one: `ask_all` already runs on a runtime, and a \
             `JoinHandle` is a future that you can await. ({text})"
        ),
        Err(text) if text.contains("no such service") => panic!(
            "A request panicked, and `ask_all` panicked with it. It returns a `Result`: the `JoinHandle` gives you \
             the panic as an `Err`, which the caller can handle. ({text})"
        ),
        Err(text) if count == 0 => panic!("There were no requests, and `ask_all` panicked: {text}"),
        Err(text) => panic!("`ask_all` panicked before it was done: {text}"),
    }
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_millis(pick(200 * 24 * 3_600_000..=300 * 24 * 3_600_000))
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}
