//! Hidden tests of `first_success`: which answer wins, what a failure does, and what becomes of the losers.

use std::time::Duration;

use exercise::{AllFailed, seats_left};
use testkit::{Called, Services, handed_on, in_words, pick, side_by_side, vt};

/// The error of a replica.
#[derive(Clone, Debug)]
struct Down;

type Answer = Result<u32, Down>;

const REPLICAS: [&str; 3] = ["north", "south", "west"];

/// Orders of three in which each replica comes first, second and last once.
const ORDERS: [[usize; 3]; 3] = [[0, 1, 2], [1, 2, 0], [2, 0, 1]];

/// A replica that fails first does not decide: the first number does.
#[test]
fn an_error_does_not_win() {
    let [early, middle, late] = [pick(5..=40), pick(50..=90), pick(200..=900)].map(millis);
    for order in ORDERS {
        check([(early, Err(Down)), (middle, Ok(seats())), (late, Ok(seats()))], order);
        check([(Duration::ZERO, Err(Down)), (middle, Ok(seats())), (late, Err(Down))], order);
        check([(middle, Err(Down)), (middle, Ok(seats())), (late, Ok(seats()))], order);
    }
}

/// If two replicas fail, the last one decides, however long it takes.
#[test]
fn the_last_replica_may_answer() {
    for last in [millis(pick(100..=900)), long()] {
        for order in ORDERS {
            check(
                [(millis(pick(5..=40)), Err(Down)), (millis(pick(50..=90)), Err(Down)), (last, Ok(seats()))],
                order,
            );
            check([(Duration::ZERO, Err(Down)), (Duration::ZERO, Err(Down)), (last, Ok(seats()))], order);
        }
    }
}

/// If all three fail, it says so when the last one has failed.
#[test]
fn all_replicas_may_fail() {
    for last in [millis(pick(100..=900)), long(), millis(1), Duration::ZERO] {
        for order in ORDERS {
            let before = [5, 2].map(|part| (last / part, Err(Down)));
            check([before[0].clone(), before[1].clone(), (last, Err(Down))], order);
        }
    }
}

/// Of several numbers, the one that arrives first counts.
#[test]
fn the_first_number_wins() {
    for first in [millis(pick(5..=40)), Duration::ZERO] {
        for order in ORDERS {
            check([(first, Ok(seats())), (millis(pick(50..=90)), Ok(seats())), (long(), Ok(seats()))], order);
            check([(first, Ok(seats())), (first + millis(3), Err(Down)), (long(), Err(Down))], order);
        }
    }
}

/// Any number may be the answer: a train may be full.
#[test]
fn any_number_is_an_answer() {
    for number in [0, 1, u32::MAX] {
        for order in [ORDERS[0], ORDERS[1]] {
            check([(millis(3), Ok(number)), (millis(20), Ok(seats())), (millis(30), Err(Down))], order);
            check([(millis(3), Err(Down)), (millis(20), Ok(number)), (millis(30), Ok(number))], order);
        }
    }
}

/// When the race is over, the other requests are cancelled.
#[test]
fn the_losers_are_cancelled() {
    let [early, middle, late] = [pick(5..=40), pick(50..=90), pick(200..=900)].map(millis);
    for order in ORDERS {
        for first in [Ok(seats()), Err(Down)] {
            let (race, called) = check([(early, first), (middle, Ok(seats())), (late, Ok(seats()))], order);
            assert!(
                called.left.is_empty(),
                "`seats_left` returned after {}, and {} still under way. Nobody needs that answer: drop the future, or abort its \
                 task.",
                in_words(called.took),
                race.named(&called.left)
            );
        }
    }
}

/// A caller that drops it half-way cancels all requests.
#[test]
fn dropping_it_cancels_all_requests() {
    let race = Race::new([0; 3].map(|_| (millis(pick(500..=900)), Ok(seats()))));
    let [north, south, west] = race.requests();
    let left = race.services.dropped_after(millis(pick(10..=90)), seats_left(north, south, west));
    assert!(
        left.is_empty(),
        "The caller dropped `seats_left` half-way, and {} still under way. What `seats_left` has started ends with it.",
        race.named(&left)
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let race = Race::new([(millis(10), Err(Down)), (millis(20), Err(Down)), (millis(30), Ok(seats()))]);
    let [north, south, west] = race.requests();
    vt(async { handed_on("`seats_left`", 20, seats_left(north, south, west)).await })
        .0
        .expect("one replica answers");
}

/// Two trains may be asked about at the same time.
#[test]
fn calls_do_not_wait_for_each_other() {
    let [slow, quick] = [millis(pick(500..=900)), millis(3)].map(|wait| async move {
        let [north, south, west] = Race::new([0; 3].map(|_| (wait, Ok(seats())))).requests();
        seats_left(north, south, west).await
    });
    vt(side_by_side("`seats_left`", 20, slow, quick));
}

/// Three replicas, and after how long each answers what.
struct Race {
    services: Services,
    answers: [(Duration, Answer); 3],
}

impl Race {
    fn new(answers: [(Duration, Answer); 3]) -> Self {
        Self { services: Services::new("seats_left"), answers }
    }

    fn requests(&self) -> [impl Future<Output = Answer> + Send + 'static + use<>; 3] {
        [0, 1, 2].map(|n| {
            let (wait, answer) = self.answers[n].clone();
            self.services.request(REPLICAS[n], Some(wait).filter(|wait| !wait.is_zero()), answer)
        })
    }

    fn named(&self, left: &[String]) -> String {
        match left {
            [one] => format!("the request to `{one}` is"),
            _ => format!("the requests to `{}` are", left.join("` and `")),
        }
    }

    /// "`north` fails after 10 ms, `south` answers 3 after 20 ms, …"
    fn story(&self) -> String {
        let mut answers: Vec<_> = self.answers.iter().zip(REPLICAS).collect();
        answers.sort_by_key(|((wait, _), _)| *wait);
        let told = answers.into_iter().map(|((wait, answer), name)| match answer {
            Ok(number) => format!("`{name}` answers {number} after {}", in_words(*wait)),
            Err(Down) => format!("`{name}` fails after {}", in_words(*wait)),
        });
        told.collect::<Vec<_>>().join(", ")
    }
}

/// Lets replicas answer, in this order of time, and checks who decides. `order` says which replica has which answer.
fn check(answers: [(Duration, Answer); 3], order: [usize; 3]) -> (Race, Called<Result<u32, AllFailed>>) {
    let race = Race::new(order.map(|n| answers[n].clone()));
    let [north, south, west] = race.requests();
    let called = race.services.try_call(30, seats_left(north, south, west));
    let story = race.story();
    let all_failed = answers.iter().all(|(_, answer)| answer.is_err());
    let called = called.unwrap_or_else(|text| match &text[..] {
        text if text.contains("all branches are disabled") => panic!(
            "All three replicas failed ({story}), and `seats_left` panicked: every branch of `select!` was ready, and no pattern \
             matched. ({text})"
        ),
        text if all_failed => panic!(
            "All three replicas failed ({story}), and `seats_left` panicked instead of returning `AllFailed`: {text}"
        ),
        text => panic!("`seats_left` panicked: {text} ({story})"),
    });
    check_begun(&race, &story, called.took);

    let winner = answers.iter().find(|(_, answer)| answer.is_ok());
    let decides = winner.unwrap_or(&answers[2]).0;
    let (took, decided) = (in_words(called.took), in_words(decides));
    match (&called.output, winner) {
        (Ok(found), Some((_, Ok(number)))) if found == number => {}
        (Err(AllFailed), None) => {}
        (Err(AllFailed), Some((_, Ok(number)))) => {
            let failed =
                race.answers.iter().filter(|(wait, answer)| answer.is_err() && *wait <= called.took).count();
            panic!(
                "`seats_left` returned `AllFailed` after {took}, when {failed} of 3 replicas had failed ({story}). An error is not \
                 an answer while another replica may have one: {number} was to come after {decided}."
            )
        }
        (Ok(found), None) => {
            panic!("All replicas failed ({story}), and `seats_left` returned `Ok({found})`.")
        }
        (Ok(found), _)
            if answers.iter().any(|(_, answer)| answer.as_ref().is_ok_and(|number| number == found)) =>
        {
            panic!(
                "`seats_left` returned {found} after {took}, and this was not the first number to arrive ({story})."
            )
        }
        (Ok(found), _) => panic!("`seats_left` returned {found}, and no replica answered that ({story})."),
        (Err(AllFailed), Some((_, Err(Down)))) => unreachable!("a winner has a number"),
    }
    let deciding = if winner.is_some() { "The first number arrives" } else { "The last replica fails" };
    assert!(
        called.took <= decides + GRAIN,
        "{deciding} after {decided}, and `seats_left` returned after {took} ({story}). Return at that moment."
    );
    assert!(
        called.took >= decides,
        "{deciding} after {decided}, and `seats_left` returned after {took} ({story}). No limit is named, so wait as long as it \
         takes."
    );
    (race, called)
}

/// All replicas are asked at once, unless the race is over at once.
fn check_begun(race: &Race, story: &str, took: Duration) {
    for name in REPLICAS {
        let begun = race.services.seen(name).begun;
        if let Some(begun) = begun.filter(|begun| *begun > GRAIN) {
            panic!(
                "The request to `{name}` began after {} ({story}). All replicas should be asked at the same time.",
                in_words(begun)
            );
        }
        assert!(
            begun.is_some() || took <= GRAIN,
            "`seats_left` returned after {}, and nobody had polled the request to `{name}` ({story}). All replicas should be asked \
             at the same time.",
            in_words(took)
        );
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(1);

fn seats() -> u32 {
    u32::try_from(pick(10..=99_999)).expect("it was picked small enough")
}

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600))
}

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
