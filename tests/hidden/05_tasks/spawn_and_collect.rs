//! Hidden tests of `spawn_and_collect`: how long all requests take together, and whose answer stands where.

use std::time::Duration;

use exercise::ask_all;
use testkit::{InFlight, Timeline, check_eq, panic_of, pick, stage, vt};
use tokio::task::JoinError;

/// All requests are under way at once; the whole takes as long as the slowest.
#[test]
fn it_takes_as_long_as_the_slowest() {
    let slowest = pick(300..=900);
    for millis in [[200, 100, slowest], [slowest, 200, 100]] {
        let at_work = InFlight::new();
        let (_, took) = ask(requests(&millis, &answers(millis.len()), &at_work));
        let took = took.as_millis();
        assert!(
            at_work.total() == millis.len(),
            "{} of {} requests were made. A request that nobody carries out has no answer.",
            at_work.total(),
            millis.len()
        );
        assert!(
            at_work.max() > 1,
            "Ran one after another: {took} ms, wanted {slowest} ms, as long as the slowest takes. The next one \
             began only when the one before it was done."
        );
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            (slowest.into()..u128::from(slowest) + 5).contains(&took),
            "The requests took {took} ms together, and the slowest one takes {slowest} ms. Start them all, then wait \
             for each."
        );
    }
}

/// The first answer belongs to the first request, whichever comes in first.
#[test]
fn answers_keep_the_order_of_the_requests() {
    for millis in [[30, 10, 40, 20], [10, 40, 20, 30]] {
        let expected = answers(millis.len());
        let (answers, _) = ask(requests(&millis, &expected, &InFlight::new()));
        match answers {
            Ok(answers) => check_eq!(
                answers,
                expected,
                "Results belong to the wrong jobs. The dashboard shows the first answer next to the first request."
            ),
            Err(error) => panic!("No request panicked, and `ask_all` returned an error: {error}"),
        }
    }
}

/// A request that panics makes `ask_all` return the error.
#[test]
fn a_panic_comes_back_as_an_error() {
    let quick = request(1, 10, &InFlight::new());
    let broken = async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        if answers(1)[0] > 0 {
            panic!("no such service");
        }
        0
    };
    let requests: Vec<std::pin::Pin<Box<dyn Future<Output = u64> + Send>>> =
        vec![Box::pin(quick), Box::pin(broken), Box::pin(request(3, 30, &InFlight::new()))];
    if let (Ok(answers), _) = ask(requests) {
        panic!(
            "The second of three requests panicked, and `ask_all` returned {answers:?} as if all were well. Awaiting \
             the `JoinHandle` gave you an `Err`: pass it on."
        );
    }
}

/// Answers that are known at run time only, and whose order is neither up nor down.
fn answers(count: usize) -> Vec<u64> {
    let base = pick(0..=1_000_000);
    (0..count as u64).map(|i| base + 10 + [5, 1, 9, 3][i as usize % 4]).collect()
}

fn requests(
    millis: &[u64],
    answers: &[u64],
    at_work: &InFlight,
) -> Vec<impl Future<Output = u64> + Send + 'static> {
    millis.iter().zip(answers).map(|(&millis, &answer)| request(answer, millis, at_work)).collect()
}

fn request(
    answer: u64,
    millis: u64,
    at_work: &InFlight,
) -> impl Future<Output = u64> + Send + 'static + use<> {
    let at_work = at_work.clone();
    async move {
        let _asking = at_work.enter();
        tokio::time::sleep(Duration::from_millis(millis)).await;
        answer
    }
}

fn ask<R>(requests: Vec<R>) -> (Result<Vec<u64>, JoinError>, Duration)
where
    R: Future<Output = u64> + Send + 'static,
{
    let timeline = Timeline::new();
    let lane = timeline.lane("ask_all");
    let numbered = requests.into_iter().zip(1..);
    let requests =
        numbered.map(|(request, n)| timeline.lane(format!("request {n}")).watch(request)).collect();
    stage("`ask_all` has been called");
    match panic_of(|| vt(lane.watch(ask_all(requests)))) {
        Ok(seen) => seen,
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "You started a second engine inside the first one: `ask_all` is being carried out by an engine already, \
             and a `JoinHandle` is a future that you can await."
            )
        }
        Err(text) if text.contains("no such service") => panic!(
            "A request panicked, and `ask_all` panicked with it. It promises a `Result`: the `JoinHandle` gives you \
             the panic as an `Err`, which its caller can deal with. ({text})"
        ),
        Err(text) => panic!("`ask_all` panicked before it was done: {text}"),
    }
}
