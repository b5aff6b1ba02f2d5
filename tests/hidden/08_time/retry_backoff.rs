//! Hidden tests of `retry_backoff`: when the attempts take place, how many there are, and what `retry` returns.

use std::time::Duration;

use exercise::{Backoff, Failure, retry};
use testkit::{
    InFlight, Lane, Timeline, handed_on, in_words, panic_of, pick, side_by_side, stage, timed, vt,
};
use tokio::time::{Instant, sleep};

/// Between two attempts there is a pause. The first is `first`, each one is twice as long as the one before, up to `cap`.
#[test]
fn pauses_double_up_to_the_cap() {
    let first = ms(pick(500..=900));
    for (attempts, cap) in [(2, first * 4), (9, first * 4), (9, first * 5), (9, first)] {
        check(&run(policy(attempts, first, cap), &[]));
    }
}

/// A success, and the last failure, are returned at once.
#[test]
fn the_end_comes_at_once() {
    let first = ms(pick(200..=900));
    let policy = |attempts| policy(attempts, first, first * 3);
    for (attempts, at) in [(4, 3), (4, 4), (4, 1), (1, 1)] {
        let mut attempt = vec![Attempt::fails(); at - 1];
        attempt.push(Attempt { takes: ms(0), says: Says::Success(pick(1..=999)) });
        check(&run(policy(attempts), &attempt));
        check(&run(policy(attempts), &[]));
    }
}

/// A permanent failure is returned at once, with its text.
#[test]
fn a_permanent_failure_ends_it() {
    let first = ms(pick(200..=900));
    for before in [0, 2, 4] {
        let mut attempts = vec![Attempt::fails(); before];
        attempts.push(Attempt { takes: ms(1), says: Says::Permanent });
        check(&run(policy(5, first, first * 3), &attempts));
    }
}

/// The pause counts from the end of an attempt, which may take no time or a month.
#[test]
fn attempts_take_some_time() {
    let (first, month) = (ms(pick(200..=900)), Duration::from_secs(30 * 24 * 3600));
    let takes = [ms(pick(50..=150)), month + ms(pick(1..=999)), ms(0), ms(1), first * 2, ms(3)];
    let mut attempts = takes.map(|takes| Attempt { takes, says: Says::Temporary }).to_vec();
    check(&run(policy(6, first, first * 3), &attempts));
    attempts.push(Attempt { takes: month, says: Says::Success(0) });
    check(&run(policy(9, ms(1), month), &attempts));
}

/// No pause is longer than the cap, not even the first.
#[test]
fn the_cap_holds_for_the_first_pause() {
    let first = ms(pick(400..=900));
    check(&run(policy(4, first, ms(pick(100..=300))), &[]));
}

/// There may be one attempt, or hundreds; the cap may be days, or months that a first pause of 1 ms reaches late.
#[test]
fn any_number_of_attempts() {
    let day = Duration::from_secs(24 * 3600);
    for attempts in [1, 2, pick(200..=300) as u32] {
        check(&run(policy(attempts, ms(pick(100..=900)), day), &[]));
    }
    // The factor outgrows a `u32` before the cap is reached; in sum less than the two years that Tokio's timers reach.
    check(&run(policy(36, ms(1), day * pick(110..=190) as u32), &[]));
}

/// The last failure is the one that is returned, and a success with 0 is a success.
#[test]
fn the_last_failure_is_returned() {
    let first = ms(pick(200..=900));
    check(&run(policy(3, first, first * 3), &[]));
    check(&run(
        policy(3, first, first * 3),
        &[Attempt::fails(), Attempt { takes: ms(5), says: Says::Success(0) }],
    ));
}

/// Another task may go on with `retry`, and a slow call does not hold up a quick one.
#[test]
fn calls_are_independent() {
    let day = Duration::from_secs(24 * 3600);
    let call = |attempts, pause| {
        retry(policy(attempts, pause, pause), async move |_| {
            sleep(pause).await;
            Err::<u64, _>(Failure::Temporary("busy".to_owned()))
        })
    };
    stage("another task goes on with `retry`");
    if let Err(text) = panic_of(|| vt(handed_on("`retry`", 24, call(3, day)))) {
        panic!("{text}");
    }
    stage("`retry` has been called twice, with a slow server and with a quick one");
    if let Err(text) = panic_of(|| vt(side_by_side("`retry`", 24, call(3, day), call(2, ms(5))))) {
        panic!("{text}");
    }
}

fn policy(attempts: u32, first: Duration, cap: Duration) -> Backoff {
    Backoff { attempts, first, cap }
}

#[derive(Clone, Copy)]
struct Attempt {
    takes: Duration,
    says: Says,
}

#[derive(Clone, Copy, PartialEq)]
enum Says {
    Success(u64),
    Temporary,
    Permanent,
}

impl Attempt {
    /// Temporarily, and at once.
    fn fails() -> Self {
        Self { takes: Duration::ZERO, says: Says::Temporary }
    }

    /// The outcome of the attempt with this number.
    fn outcome(self, number: usize) -> Result<u64, Failure> {
        match self.says {
            Says::Success(value) => Ok(value),
            Says::Temporary => Err(Failure::Temporary(format!("attempt {number} failed"))),
            Says::Permanent => Err(Failure::Permanent(format!("attempt {number} is not allowed"))),
        }
    }
}

/// What the closure changes: that it may do so is a part of every test. Times are those since the call.
#[derive(Default)]
struct Server {
    script: Vec<Attempt>,
    made: Vec<Made>,
    start: Option<Instant>,
    at_work: InFlight,
    lane: Option<Lane>,
}

#[derive(Clone, Copy)]
struct Made {
    number: u32,
    began: Duration,
    /// Unless it was dropped.
    ended: Option<Duration>,
}

impl Server {
    fn now(&self) -> Duration {
        self.start.map_or(Duration::ZERO, |start| start.elapsed())
    }

    fn attempt(&self, place: usize) -> Attempt {
        self.script.get(place).copied().unwrap_or_else(Attempt::fails)
    }

    async fn handle(&mut self, number: u32) -> Result<u64, Failure> {
        let _inside = self.at_work.enter();
        let place = self.made.len();
        self.made.push(Made { number, began: self.now(), ended: None });
        let attempt = self.attempt(place);
        let answer = sleep(attempt.takes);
        match &self.lane {
            Some(lane) => lane.watch(answer).await,
            None => answer.await,
        }
        self.made[place].ended = Some(self.now());
        attempt.outcome(place + 1)
    }
}

/// A call that has returned.
struct Seen {
    attempts: u32,
    first: Duration,
    cap: Duration,
    server: Server,
    returned: Result<u64, Failure>,
    took: Duration,
    longest_poll: Duration,
}

/// Calls `retry` with a server that follows a script, and then fails for a while each time.
fn run(backoff: Backoff, script: &[Attempt]) -> Seen {
    let Backoff { attempts, first, cap } = backoff;
    let timeline = Timeline::new();
    let (lane, requests) = (timeline.lane("retry"), timeline.lane("attempts"));
    let mut server = Server { script: script.to_vec(), lane: Some(requests), ..Server::default() };
    stage(format!(
        "`retry` has been called: {attempts} attempts, first pause {}, cap {}",
        say(first),
        say(cap)
    ));
    let polls = 4 * attempts as usize + 16;
    let outcome = panic_of(|| {
        vt(async {
            server.start = Some(Instant::now());
            let call = retry(backoff, async |number| server.handle(number).await);
            timed("`retry`", polls, lane.watch(call)).await
        })
        .0
    });
    let call = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| {
        let overflow = if text.contains("overflow") {
            format!(
                ". There were {} attempts by then, of {attempts}: a number that doubles each time outgrows its type, long \
                 after the pause has reached its cap.",
                server.made.len()
            )
        } else {
            String::new()
        };
        panic!("{text}{overflow}")
    });
    let (took, longest_poll) = (call.took, call.longest_poll);
    Seen { attempts, first, cap, server, returned: call.output, took, longest_poll }
}

fn check(seen: &Seen) {
    seen.check_pauses();
    seen.check_count();
    seen.check_end();
}

impl Seen {
    /// The policy, for messages.
    fn policy(&self) -> String {
        format!("`first` is {}, `cap` is {}", say(self.first), say(self.cap))
    }

    fn check_pauses(&self) {
        let (made, policy) = (&self.server.made, self.policy());
        let Some(first) = made.first() else {
            panic!("`retry` returned without a single attempt. There is at least one.")
        };
        assert!(
            first.began.is_zero(),
            "The first attempt began after {}. It is made at once; a pause follows a failure.",
            say(first.began)
        );
        let mut due = self.first.min(self.cap);
        for (number, pair) in (2..).zip(made.windows(2)) {
            let Some(ended) = pair[0].ended else {
                panic!(
                    "Attempt {} was given up: it needs {}. `cap` is a limit for pauses; an attempt takes as long as it takes.",
                    number - 1,
                    say(self.server.attempt(number - 2).takes)
                )
            };
            let (pause, took) = (pair[1].began - ended, ended - pair[0].began);
            if pause != due {
                // Long times in words may look alike.
                let say = if say(pause) == say(due) { in_millis } else { say };
                let (words, wanted) = (say(pause), say(due));
                assert!(
                    !pause.is_zero() || self.longest_poll < due,
                    "`retry` kept the thread for a pause of {wanted}, in a single poll. By Tokio's clock no time passed, and no \
                     other task could run meanwhile: await a timer instead of blocking the thread."
                );
                assert!(
                    !pause.is_zero() || took >= due,
                    "Attempt {number} began at once after attempt {} had failed. A pause of {wanted} belongs between them.",
                    number - 1
                );
                assert!(
                    took.is_zero() || pause != due.saturating_sub(took),
                    "Attempt {number} began {words} after the end of attempt {}, which took {}; the pause should be {wanted}. It \
                     counts from the end of an attempt.",
                    number - 1,
                    say(took)
                );
                assert!(
                    pause <= self.cap,
                    "The pause before attempt {number} was {words}, and the cap is {}.",
                    say(self.cap)
                );
                let cause = if pause == self.first.saturating_mul(u32::MAX) {
                    " The pause was `first` times `u32::MAX`: a larger factor does not fit into a `u32`."
                } else {
                    ""
                };
                panic!(
                    "The pause before attempt {number} was {words}, and should be {wanted}: {policy}, and each pause is twice as \
                     long as the one before it.{cause}"
                );
            }
            due = due.saturating_mul(2).min(self.cap);
        }
        assert!(self.server.at_work.max() == 1, "Two attempts were made at the same time.");
    }

    /// How many attempts there should be.
    fn due(&self) -> usize {
        let end = self.server.script.iter().position(|attempt| attempt.says != Says::Temporary);
        end.map_or(usize::MAX, |place| place + 1).min(self.attempts as usize)
    }

    fn check_count(&self) {
        let (made, due, attempts) = (self.server.made.len(), self.due(), self.attempts);
        let says = self.server.attempt(due - 1).says;
        let why = match says {
            Says::Success(_) => format!("Attempt {due} succeeded"),
            Says::Permanent => format!("Attempt {due} failed permanently"),
            Says::Temporary => format!("`attempts` is {attempts}"),
        };
        assert!(
            made <= due,
            "{why}, and there were {made} attempts.{}",
            if says == Says::Permanent { " A permanent failure is not tried again." } else { "" }
        );
        assert!(
            made == due,
            "`retry` gave up after attempt {made}, {} after the call: {:?}. Up to {attempts} attempts are to be made.",
            say(self.took),
            self.returned
        );
        for (due, made) in (1..).zip(&self.server.made) {
            assert!(
                made.number == due,
                "Attempt {due} was given the number {}. They are numbered from 1 on.",
                made.number
            );
        }
    }

    fn check_end(&self) {
        let last = self.server.made.last().and_then(|last| last.ended);
        let (count, ended) = (self.server.made.len(), last.unwrap_or(self.took));
        let outcome = self.server.attempt(count - 1).outcome(count);
        let late = self.took - ended;
        assert!(
            late.is_zero(),
            "Attempt {count} of {} was the last one, with {outcome:?}, and `retry` returned {} later. Nothing comes after it, \
             so `retry` returns at once.",
            self.attempts,
            say(late)
        );
        assert!(
            self.returned == outcome,
            "`retry` returned {:?}, and its last attempt, attempt {count}, ended with {outcome:?}. The last outcome is what the \
             caller gets.",
            self.returned
        );
    }
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(30) { in_millis(time) } else { in_words(time) }
}

fn in_millis(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
