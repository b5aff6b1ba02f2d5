//! Hidden tests of `try_join_fail_fast`: when an error is returned, which one, what becomes of the other request, and the order
//! that succeeds.

use std::time::Duration;

use exercise::{Order, place_order};
use testkit::{Called, Services, check_eq, handed_on, in_words, pick, side_by_side, vt};

/// The error of a request, with a number that tells it from others.
#[derive(Debug, PartialEq)]
struct Failure(u64);

type Answer = Result<u64, Failure>;

const NAMES: [&str; 2] = ["payment", "reservation"];

/// When one request fails, its error is returned at that moment.
#[test]
fn the_error_is_returned_at_once() {
    let (quick, slow) = (millis(pick(40..=90)), millis(pick(3_000..=9_000)));
    for quick in [quick, Duration::ZERO] {
        for slow in [slow, long()] {
            for failing in [0, 1] {
                let case = Case::failing(failing, quick, slow);
                case.check_error(&case.call(), failing, quick);
            }
        }
    }
}

/// The other request is cancelled then: it does nothing more.
#[test]
fn the_other_request_is_cancelled() {
    for failing in [0, 1] {
        let failed = millis(pick(10..=90));
        let case = Case::failing(failing, failed, millis(pick(3_000..=9_000)));
        let called = case.call();
        case.check_error(&called, failing, failed);
        let (name, other) = (NAMES[failing], NAMES[1 - failing]);
        assert!(
            called.left.is_empty(),
            "The request `{name}` failed after {}, and `place_order` returned. The request `{other}` is still under way, and \
             later it will have its effect. Cancel it: drop its future, or abort its task.",
            in_words(failed)
        );
    }
}

/// Of two errors, the one that comes first is returned.
#[test]
fn the_first_error_counts() {
    let (first, second) = (millis(pick(10..=90)), millis(pick(100..=900)));
    for failing in [0, 1] {
        let mut answers = [Err(Failure(failure())), Err(Failure(failure()))];
        let mut waits = [vec![first], vec![second]];
        if failing == 1 {
            answers.reverse();
            waits.reverse();
        }
        let case = Case { answers, ..Case::new(waits) };
        case.check_error(&case.call(), failing, first);
    }
}

/// If both fail at the same moment, either error is returned.
#[test]
fn both_may_fail_at_the_same_moment() {
    for wait in [vec![millis(pick(10..=90))], vec![]] {
        let answers = [Err(Failure(failure())), Err(Failure(failure()))];
        let case = Case { answers, ..Case::new([wait.clone(), wait.clone()]) };
        let output = case.call().output.map_err(Err);
        assert!(
            output.as_ref().is_err_and(|error| case.answers.contains(error)),
            "Both requests failed after {}, and `place_order` returned the error of neither: {output:?}",
            in_words(wait.iter().sum())
        );
    }
}

/// A request that fails after the other one has succeeded fails the order as well.
#[test]
fn an_error_after_a_success_counts() {
    for (quick, slow) in [(millis(pick(10..=90)), long()), (Duration::ZERO, millis(1))] {
        for failing in [0, 1] {
            let case = Case::failing(failing, slow, quick);
            case.check_error(&case.call(), failing, slow);
        }
    }
}

/// Both requests are under way at the same time, and the order has both numbers.
#[test]
fn an_order_takes_as_long_as_the_slower_request() {
    let [short, middle, slow] = [pick(50..=70), pick(100..=190), pick(200..=900)].map(millis);
    for waits in [
        [vec![slow], vec![short]],
        [vec![short], vec![slow]],
        [vec![short; 12], vec![middle; 3]],
        [vec![middle; 3], vec![short; 12]],
        [vec![long()], vec![]],
        [vec![], vec![long()]],
        [vec![], vec![]],
    ] {
        Case::new(waits).check_order();
    }
}

/// Any number may be the answer of a request.
#[test]
fn any_number_is_an_answer() {
    let number = pick(1..=u64::MAX - 1);
    for numbers in [[0, number], [number, 0], [0, 0], [number, number], [u64::MAX, 1]] {
        Case { answers: numbers.map(Ok), ..Case::new([vec![millis(3)], vec![millis(1)]]) }.check_order();
    }
}

/// A caller that drops it half-way cancels both requests.
#[test]
fn dropping_it_cancels_both_requests() {
    let waits = [vec![millis(pick(500..=900))], vec![millis(pick(500..=900))]];
    let case = Case::new(waits);
    let [payment, reservation] = case.requests();
    let left = case.services.dropped_after(millis(pick(10..=90)), place_order(payment, reservation));
    assert!(
        left.is_empty(),
        "The caller dropped `place_order` half-way, and {} still under way. What `place_order` has started ends with it.",
        match &left[..] {
            [one] => format!("the request `{one}` is"),
            _ => "both requests are".to_owned(),
        }
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let case = Case::new([vec![millis(30)], vec![millis(20), millis(20)]]);
    let [payment, reservation] = case.requests();
    // Within `vt`, since it may spawn as soon as it is called.
    vt(async { handed_on("`place_order`", 20, place_order(payment, reservation)).await });
}

/// Two orders may be placed at the same time.
#[test]
fn calls_do_not_wait_for_each_other() {
    let [slow, quick] = [millis(pick(500..=900)), millis(3)].map(|wait| async move {
        let [payment, reservation] = Case::new([vec![wait], vec![wait]]).requests();
        place_order(payment, reservation).await
    });
    vt(side_by_side("`place_order`", 20, slow, quick));
}

/// Two requests, and what they answer.
struct Case {
    services: Services,
    waits: [Vec<Duration>; 2],
    answers: [Answer; 2],
}

impl Case {
    /// Both requests succeed.
    fn new(waits: [Vec<Duration>; 2]) -> Self {
        let answers = [Ok(pick(10..=999)), Ok(pick(1_000..=9_999))];
        Self { services: Services::new("place_order"), waits, answers }
    }

    /// One request fails after this time, and the other one succeeds after its own.
    fn failing(failing: usize, after: Duration, other: Duration) -> Self {
        let wait = |time: Duration| if time.is_zero() { vec![] } else { vec![time] };
        let mut case = Self::new([0, 1].map(|n| wait(if n == failing { after } else { other })));
        case.answers[failing] = Err(Failure(failure()));
        case
    }

    fn requests(&self) -> [impl Future<Output = Answer> + Send + 'static + use<>; 2] {
        [0, 1].map(|n| {
            let answer = match &self.answers[n] {
                Ok(number) => Ok(*number),
                Err(Failure(number)) => Err(Failure(*number)),
            };
            self.services.request(NAMES[n], self.waits[n].clone(), answer)
        })
    }

    fn call(&self) -> Called<Result<Order, Failure>> {
        let [payment, reservation] = self.requests();
        self.services.call(30, place_order(payment, reservation))
    }

    /// The request of this place has failed, the first one to do so, after this time.
    fn check_error(&self, called: &Called<Result<Order, Failure>>, failing: usize, after: Duration) {
        let (name, other) = (NAMES[failing], NAMES[1 - failing]);
        let (took, failed) = (in_words(called.took), in_words(after));
        let begun = self.services.seen(name).begun;
        if let Some(begun) = begun.filter(|begun| *begun > GRAIN) {
            panic!(
                "The request `{name}` fails {failed} after it has begun, and it began after {}, when `{other}` was done. Both \
                 requests should be under way at the same time.",
                in_words(begun)
            );
        }
        match (&called.output, &self.answers) {
            (Ok(order), _) if called.took < after => panic!(
                "`place_order` returned {order:?} after {took}, without an answer to `{name}`, which fails after {failed}. There \
                 is no order without both, however long they take."
            ),
            (Ok(order), _) => panic!(
                "The request `{name}` failed after {failed}, and `place_order` returned {order:?} after {took}. There is no order \
                 without both."
            ),
            (Err(error), answers) if answers[1 - failing].as_ref().err() == Some(error) => panic!(
                "The request `{name}` failed after {failed}, and `{other}` later. `place_order` returned the error of `{other}`, \
                 after {took}. The first error counts."
            ),
            (found, answers) => {
                let found = found.as_ref().err();
                check_eq!(
                    found,
                    answers[failing].as_ref().err(),
                    "`place_order` returned an error that no request gave."
                );
            }
        }
        let waited = self.services.seen(other).done.is_some_and(|done| done > after + GRAIN);
        assert!(
            !waited,
            "The request `{name}` failed after {failed}, and `place_order` returned this error after {took}: it waited for \
             `{other}` first. An order that has failed needs no other answer."
        );
        assert!(
            called.took <= after + GRAIN,
            "The request `{name}` failed after {failed}, and `place_order` returned this error after {took}. Return it at once."
        );
        assert!(
            called.took >= after,
            "`place_order` returned an error after {took}, and the request `{name}` fails after {failed}."
        );
    }

    /// Both requests succeed, and all is well.
    fn check_order(&self) {
        let called = self.call();
        let took = in_words(called.took);
        let needs = self.waits.each_ref().map(|waits| waits.iter().sum::<Duration>());
        let slower = needs.into_iter().max().unwrap_or_default();
        for (n, name) in NAMES.into_iter().enumerate() {
            let (seen, other) = (self.services.seen(name), NAMES[1 - n]);
            if let Some(begun) = seen.begun.filter(|begun| *begun > GRAIN) {
                panic!(
                    "The order took {took}, and its slower request takes {}. The request `{name}` began after {}, when `{other}` \
                     was done. Both should be under way at the same time.",
                    in_words(slower),
                    in_words(begun)
                );
            }
            assert!(
                seen.done.is_some(),
                "`place_order` returned {:?} after {took}, and the request `{name}` takes {}. It had no answer yet: an order \
                 needs both, however long they take.",
                called.output,
                in_words(needs[n])
            );
            assert!(
                called.took <= slower + GRAIN || seen.stood_still.is_zero(),
                "The order took {took}, and its slower request takes {}. The request `{name}` began in time, then stood still for \
                 {}: it could have gone on, and nobody polled it.",
                in_words(slower),
                in_words(seen.stood_still)
            );
        }
        let [Ok(payment), Ok(reservation)] = self.answers else { panic!("both requests succeed here") };
        match called.output {
            Err(error) => panic!(
                "Both requests succeeded, with {payment} and {reservation}, and `place_order` returned an error: {error:?}"
            ),
            Ok(found) => {
                let swapped =
                    payment != reservation && [found.payment, found.reservation] == [reservation, payment];
                let how = if swapped { "the two numbers swapped" } else { "other numbers than they gave" };
                check_eq!(
                    found,
                    Order { payment, reservation },
                    "Both requests succeeded, and the order has {how}."
                );
            }
        }
        assert!(
            called.took <= slower + GRAIN,
            "Both requests were done after {}, and the order took {took}. Return it when the second number is there.",
            in_words(slower)
        );
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

fn failure() -> u64 {
    pick(10_000..=u64::MAX)
}

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600))
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
