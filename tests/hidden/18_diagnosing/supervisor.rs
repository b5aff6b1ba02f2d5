//! Hidden tests of `supervisor`: when runs start and end, what is logged, and how `supervise` returns.

use std::collections::VecDeque;
use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Failure, Outcome, supervise};
use testkit::{
    Ended, Timeline, Unrest, counted, handed_on, in_words, panic_of, pick, settle, side_by_side, silence,
    stage, timed, to_its_end, together, vt,
};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// A run that panics has failed: it is logged, and the import is started again after the pause.
#[test]
fn it_starts_again_after_a_panic() {
    // At 0 s, 1 s and 3 s.
    Shop::new([(Duration::ZERO, End::Panic("no currency")), panics(Duration::ZERO), works(hours(2))]).check();
    Shop::new([panics(hours(3)), works(ms(20))]).check();
    Shop::new([panics(ms(40)), fails(ms(30)), panics(hours(1)), works(ms(20))]).check();
}

/// The pauses are 1 s, 2 s, 4 s and 8 s long, and begin with the failure.
#[test]
fn the_pauses_double() {
    for [first, second] in
        [[Duration::ZERO, Duration::ZERO], [ms(30), hours(5)], [hours(700), ms(pick(100..=900))]]
    {
        Shop::new([fails(first), fails(second), fails(first), fails(second), works(first)]).check();
        Shop::new([fails(second), panics(first), fails(second), panics(first), works(second)]).check();
    }
}

/// A run that ends well is the last one.
#[test]
fn a_run_that_ends_well_is_the_last() {
    for takes in [Duration::ZERO, ms(30), hours(40)] {
        Shop::new([works(takes)]).check();
        Shop::new([fails(ms(10)), works(takes)]).check();
    }
}

/// After the fifth failure, `supervise` gives up at once, and returns that failure.
#[test]
fn it_gives_up_after_five_failures() {
    Shop::new([fails(Duration::ZERO), fails(ms(5)), fails(ms(9)), fails(hours(1)), fails(ms(30))]).check();
    Shop::new([
        panics(Duration::ZERO),
        panics(ms(5)),
        panics(hours(9)),
        panics(ms(30)),
        panics(Duration::ZERO),
    ])
    .check();
    Shop::new([panics(ms(5)), fails(ms(5)), panics(hours(99)), fails(ms(30)), panics(ms(7))]).check();
    Shop::new([panics(ms(5)), fails(ms(5)), fails(hours(900)), panics(Duration::ZERO), fails(ms(7))]).check();
}

/// Each failure is logged at the moment of the failure, once.
#[test]
fn each_failure_is_logged() {
    let same = (Duration::ZERO, End::Error("the wholesaler does not answer".to_owned()));
    Shop::new([same.clone(), same.clone(), same.clone(), same.clone(), same.clone()]).check();
    let empty = (ms(20), End::Error(String::new()));
    Shop::new([empty.clone(), same, empty.clone(), empty.clone(), empty]).check();
}

/// The payload of a panic may be a `&'static str`, a `String`, or something else.
#[test]
fn the_text_of_a_panic() {
    for end in [
        End::Panic("no currency"),
        End::PanicString(word("line ")),
        End::PanicNumber,
        End::Panic(""),
        End::PanicString(String::new()),
    ] {
        Shop::new([(ms(30), end.clone()), works(ms(10))]).check();
        Shop::new([fails(ms(3)), fails(ms(3)), fails(ms(3)), panics(ms(3)), (ms(30), end)]).check();
    }
}

/// `stop` ends a run: `supervise` returns at once, and the run is gone.
#[test]
fn stop_ends_a_run() {
    for after in [ms(pick(5..=90)), hours(5), hours(2000)] {
        Shop { stop: Some(after), ..Shop::new([runs_forever()]) }.check();
    }
    let failed = [fails(Duration::ZERO), panics(ms(10)), runs_forever()];
    Shop { stop: Some(hours(3)), ..Shop::new(failed) }.check();
    let mut four = vec![fails(ms(1)); 4];
    four.push(runs_forever());
    Shop { stop: Some(hours(3)), ..Shop::new(four) }.check();
}

/// `stop` ends a pause, and no run is started after it.
#[test]
fn stop_ends_a_pause() {
    for (failures, pause) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
        let before: u64 = (0..failures - 1).map(|number| 1_000 << number).sum();
        for into in [pick(5..=400), 1_000 * pause - pick(10..=90)] {
            let runs = vec![fails(Duration::ZERO); failures].into_iter().chain([runs_forever()]);
            Shop { stop: Some(ms(before + into)), ..Shop::new(runs) }.check();
        }
    }
}

/// With a token that was cancelled before, no run is started at all.
#[test]
fn stopped_before_it_began() {
    // A `select!` tosses a coin which branch is polled first.
    for _ in 0..40 {
        let shop = Shop::new([works(ms(10))]);
        shop.token.cancel();
        Shop { stopped_before: true, ..shop }.check();
    }
}

/// When `supervise` is dropped, its run does not go on, and no other one is started.
#[test]
fn a_dropped_supervisor_takes_its_run_along() {
    for (runs, after) in [
        (vec![runs_forever()], ms(20)),
        (vec![works(hours(9))], hours(3)),
        (vec![panics(ms(20)), runs_forever()], hours(5)),
        (vec![fails(ms(20)), runs_forever()], ms(500)),
    ] {
        let shop = Shop::new(runs);
        stage(format!("`supervise` is dropped {} after it was called", in_words(after)));
        let ran = panic_of(|| {
            vt(async {
                let cut = timeout(after, shop.call()).await;
                assert!(cut.is_err(), "{}", shop.returned_early());
                settle().await;
                let begun = shop.state().runs.len();
                let left = shop.state().runs.iter().filter(|run| run.ended.is_none()).count();
                assert!(
                    left == 0,
                    "`supervise` was dropped after {}, and the run that was under way went on. Dropping a `JoinHandle` detaches its task, \
                     which runs on: a supervisor has to take its run along.",
                    in_words(after)
                );
                sleep(hours(30)).await;
                let now = shop.state().runs.len();
                assert!(
                    now == begun,
                    "`supervise` was dropped after {}, and {} started after that. Nobody looks after a supervisor that runs by itself.",
                    in_words(after),
                    if now - begun == 1 {
                        "1 run was".to_owned()
                    } else {
                        format!("{} runs were", now - begun)
                    }
                );
            })
        });
        if let Err(text) = ran {
            panic!("{text}");
        }
    }
}

/// While a run is under way, and in a pause, everybody sleeps.
#[test]
fn everybody_sleeps() {
    let shop = Shop { stop: Some(days(60)), ..Shop::new([fails(ms(20)), runs_forever()]) };
    let mut rests = Ok(());
    shop.run_beside(async {
        sleep(hours(3)).await;
        rests = silence().await;
    });
    match rests {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "A run was under way, nothing happened, and within {} your code kept waking up by the clock to look. The end of a run, and the \
             token, can wake the one who waits for them.",
            in_words(time)
        ),
        Err(_) => panic!(
            "A run was under way, nothing happened, and your code never came to rest: it asks again and again. The end of a run, and the \
             token, can wake the one who waits for them."
        ),
    }
    shop.check_all();
}

/// Two supervisors know nothing of each other.
#[test]
fn two_supervisors() {
    for _ in 0..2 {
        Shop::new([fails(ms(5)), panics(ms(5)), fails(ms(5)), works(ms(5))]).check();
    }
    stage("nine calls of `supervise` are under way, each in a task");
    let shops: Vec<Shop> = (0..9)
        .map(|number| match number % 3 {
            0 => Shop::new([panics(ms(3)), fails(hours(number)), works(hours(2))]),
            1 => Shop::new([fails(ms(8)), fails(hours(3)), panics(ms(5)), panics(hours(1)), panics(ms(2))]),
            _ => Shop::new([works(hours(5))]),
        })
        .collect();
    let calls = shops.clone().into_iter().map(|shop| async move { shop.call().await });
    let ended = match panic_of(|| vt(together(60, calls.collect::<Vec<_>>())).0) {
        Ok(ended) => ended,
        Err(text) => panic!("{text}"),
    };
    for (call, shop) in ended.into_iter().zip(&shops) {
        match call.ended {
            Ended::Returned(Ok(())) => shop.check_all(),
            Ended::Returned(Err(text)) | Ended::Panicked(text) => shop.check_never(&text),
            Ended::Restless | Ended::Stuck => shop.check_never("had not returned"),
        }
    }
    let [slow, quick, handed] = [hours(9), ms(90), hours(2)].map(|takes| {
        let shop = Shop::new([panics(ms(3)), fails(takes), fails(ms(5)), works(takes)]);
        async move {
            let _ = shop.call().await;
        }
    });
    stage("two calls of `supervise` are under way");
    if let Err(text) = panic_of(|| vt(side_by_side("`supervise`", 90, slow, quick))) {
        panic!("{text}");
    }
    stage("another task goes on with `supervise`");
    if let Err(text) = panic_of(|| vt(handed_on("`supervise`", 90, handed))) {
        panic!("{text}");
    }
}

/// After as many failures, `supervise` gives up.
const MOST_FAILURES: usize = 5;

/// The pause after the first failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// How a run ends.
#[derive(Clone, Debug)]
enum End {
    Well,
    Error(String),
    Panic(&'static str),
    PanicString(String),
    PanicNumber,
    Never,
}

impl End {
    fn failure(&self) -> Option<Failure> {
        match self {
            Self::Error(text) => Some(Failure::Error(text.clone())),
            Self::Panic(text) => Some(Failure::Panic(Some((*text).to_owned()))),
            Self::PanicString(text) => Some(Failure::Panic(Some(text.clone()))),
            Self::PanicNumber => Some(Failure::Panic(None)),
            Self::Well | Self::Never => None,
        }
    }

    fn said(&self) -> String {
        match self {
            Self::Well => "ended well".to_owned(),
            Self::Error(text) => format!("returned the error {text:?}"),
            Self::Panic(text) => format!("panicked with the `&str` {text:?}"),
            Self::PanicString(text) => format!("panicked with the `String` {text:?}"),
            Self::PanicNumber => "panicked with a number".to_owned(),
            Self::Never => "was still running".to_owned(),
        }
    }
}

type Run = (Duration, End);

fn works(takes: Duration) -> Run {
    (takes, End::Well)
}

fn fails(takes: Duration) -> Run {
    (takes, End::Error(word("error ")))
}

fn panics(takes: Duration) -> Run {
    (takes, End::PanicString(word("panic ")))
}

fn runs_forever() -> Run {
    (Duration::ZERO, End::Never)
}

fn word(text: &str) -> String {
    format!("{text}{}", pick(1_000..=9_999))
}

/// An import, and what was seen of it.
#[derive(Clone)]
struct Shop {
    script: Vec<Run>,
    /// When `stop` is cancelled, after the call.
    stop: Option<Duration>,
    stopped_before: bool,
    token: CancellationToken,
    state: Arc<Mutex<State>>,
    begin: Arc<OnceLock<Instant>>,
    timeline: Timeline,
    home: ThreadId,
}

#[derive(Default)]
struct State {
    runs: Vec<Seen>,
    logged: Vec<(Duration, Failure)>,
    returned: Option<(Duration, Outcome)>,
    strangers: usize,
    closed: bool,
}

struct Seen {
    begun: Duration,
    /// When it was gone, whichever way.
    ended: Option<Duration>,
    /// Whether another one was under way.
    beside: bool,
}

impl Shop {
    fn new(script: impl IntoIterator<Item = Run>) -> Self {
        let timeline = Timeline::new();
        timeline.lane("supervise");
        Self {
            script: script.into_iter().collect(),
            stop: None,
            stopped_before: false,
            token: CancellationToken::new(),
            state: Arc::default(),
            begin: Arc::default(),
            timeline,
            home: thread::current().id(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.begin.get_or_init(Instant::now).elapsed()
    }

    async fn call(&self) -> Result<(), String> {
        self.now();
        let left = Arc::new(Mutex::new(VecDeque::from(self.script.clone())));
        let start = {
            let shop = self.clone();
            move || {
                let next = left.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                shop.clone().one_run(next)
            }
        };
        let log = {
            let shop = self.clone();
            let lane = self.timeline.lane("supervise");
            move |failure: &Failure| {
                lane.mark("log");
                let now = shop.now();
                shop.state().logged.push((now, failure.clone()));
            }
        };
        let call = supervise(start, self.token.clone(), log);
        let call = timed("`supervise`", 60, self.timeline.lane("supervise").watch(call)).await?;
        let now = self.now();
        let mut state = self.state();
        state.closed = true;
        state.returned = Some((now, call.output));
        Ok(())
    }

    /// One run of the import.
    fn one_run(self, run: Option<Run>) -> impl Future<Output = Result<(), String>> + Send + 'static {
        let number = {
            let now = self.now();
            let mut state = self.state();
            let beside = state.runs.iter().any(|run| run.ended.is_none());
            state.runs.push(Seen { begun: now, ended: None, beside });
            state.runs.len() - 1
        };
        let lane = if number < 8 { format!("run {}", number + 1) } else { "more runs".to_owned() };
        let lane = self.timeline.lane(lane);
        let running = Running { shop: self, number };
        async move {
            let owned = running;
            if thread::current().id() != owned.shop.home {
                owned.shop.state().strangers += 1;
            }
            // One that is not in the script ends well, or it would go on like this.
            let (takes, end) = run.unwrap_or((Duration::ZERO, End::Well));
            lane.watch(async {
                if !takes.is_zero() {
                    sleep(takes).await;
                }
                if matches!(end, End::Never) {
                    pending::<()>().await;
                }
            })
            .await;
            match end {
                End::Well | End::Never => Ok(()),
                End::Error(text) => Err(text),
                other => {
                    lane.mark("panics");
                    fall(other)
                }
            }
        }
    }

    fn run(&self) {
        self.run_beside(async {});
    }

    fn run_beside(&self, beside: impl Future<Output = ()>) {
        stage("`supervise` has been called");
        let marks = self.timeline.lane("supervise");
        let ran = panic_of(|| {
            vt(to_its_end(100_000, async {
                let stop = async {
                    if let Some(after) = self.stop {
                        if !after.is_zero() {
                            sleep(after).await;
                        }
                        marks.mark("stop");
                        self.token.cancel();
                    }
                };
                let ran = tokio::join!(self.call(), stop, beside).0;
                self.state().closed = true;
                ran
            }))
            .0
        });
        let text = match ran {
            Ok(Ok(Ok(()))) => return,
            Ok(Ok(Err(text))) | Err(text) => text,
            Ok(Err(Unrest::Asleep)) => "had not returned".to_owned(),
            Ok(Err(_)) => {
                "`supervise` never came to rest, so no time could pass: it starts or asks again and again, without a wait.".to_owned()
            }
        };
        self.check_never(&text);
    }

    fn check(&self) {
        self.run();
        self.check_all();
    }

    /// What should happen: when each run starts and ends, and how it all ends.
    fn expected(&self) -> Expected {
        let mut expected = Expected {
            runs: Vec::new(),
            logged: Vec::new(),
            over: Duration::ZERO,
            outcome: Outcome::Stopped,
        };
        if self.stopped_before {
            return expected;
        }
        let mut now = Duration::ZERO;
        let mut pause = FIRST_PAUSE;
        for (takes, end) in &self.script {
            let ends = now + *takes;
            let cut = self.stop.filter(|stop| matches!(end, End::Never) || *stop < ends);
            expected.runs.push((now, cut.unwrap_or(ends)));
            if let Some(cut) = cut {
                expected.over = cut;
                return expected;
            }
            expected.over = ends;
            let Some(failure) = end.failure() else {
                expected.outcome = Outcome::Finished;
                return expected;
            };
            expected.logged.push((ends, failure.clone()));
            if expected.logged.len() == MOST_FAILURES {
                expected.outcome = Outcome::GaveUp(failure);
                return expected;
            }
            now = ends + pause;
            pause *= 2;
            if let Some(stop) = self.stop.filter(|stop| *stop < now) {
                expected.over = stop;
                return expected;
            }
        }
        expected
    }

    /// What the run of that number did, for the beginning of a message.
    fn what_ended(&self, number: usize) -> String {
        let (_, end) = &self.script[number];
        format!("Run {} {}", number + 1, end.said())
    }

    fn returned_early(&self) -> String {
        let outcome = self
            .state()
            .returned
            .as_ref()
            .map(|(at, outcome)| format!("`{outcome:?}` after {}", in_words(*at)));
        format!(
            "`supervise` returned {}, while a run was under way, or a pause.",
            outcome.unwrap_or_default()
        )
    }

    /// Says why `supervise` has not returned.
    fn check_never(&self, text: &str) -> ! {
        let runs = self.state().runs.len();
        let panicked = (1..)
            .zip(&self.script)
            .take(runs)
            .find(|(_, (_, end))| matches!(end, End::Panic(_) | End::PanicString(_) | End::PanicNumber));
        if let Some((number, (_, end))) = panicked
            && !text.contains("had not returned")
            && (text.contains("JoinError") || carries(text, end) || text.contains(NOT_TEXT))
        {
            panic!(
                "Run {number} {}, and `supervise` panicked with it. A run that panics has failed: log it, and start again.",
                end.said()
            );
        }
        if text.starts_with("`supervise` panicked") && runs > 0 {
            panic!(
                "{}, and then {text}. `supervise` deals with each way in which a run can end.",
                self.what_ended(runs - 1)
            );
        }
        self.check_progress();
        if !text.contains("had not returned") {
            panic!("{text}");
        }
        let logged = self.state().logged.len();
        let expected = self.expected();
        match self.stop {
            Some(stop) => panic!(
                "`stop` was cancelled after {}, and `supervise` has not returned. It returns at once, in the middle of a run or of a \
                 pause.",
                in_words(stop)
            ),
            None => panic!(
                "There were {} and {} in the log, and `supervise` has not returned 700 days later. It was to return `{:?}`.",
                counted(runs, "run"),
                counted(logged, "failure"),
                expected.outcome
            ),
        }
    }

    /// What can be said although `supervise` has not returned: which runs started, and what was logged.
    fn check_progress(&self) {
        let expected = self.expected();
        let state = self.state();
        for (number, (begun, _)) in expected.runs.iter().enumerate() {
            self.check_start(&state, &expected, number, *begun);
        }
        for (number, (at, failure)) in expected.logged.iter().enumerate() {
            self.check_logged(&state, number, *at, failure);
        }
        self.check_no_more(&state, &expected);
    }

    fn check_start(&self, state: &State, expected: &Expected, number: usize, due: Duration) {
        let Some(seen) = state.runs.get(number) else {
            if number == 0 {
                panic!("`supervise` was called, and no run was started. It starts the first one at once.");
            }
            let logged = if state.logged.len() < number { " Nothing was logged either." } else { "" };
            let outcome = match &state.returned {
                Some((_, outcome)) => format!("`supervise` returned `{outcome:?}`"),
                None => "`supervise` went on waiting".to_owned(),
            };
            let rule = match &state.returned {
                Some((_, Outcome::GaveUp(_))) => {
                    format!("This was failure {number}, and it gives up after failure {MOST_FAILURES}.")
                }
                _ => "A run that fails is started again, after a pause.".to_owned(),
            };
            panic!(
                "{} after {}, and no other run was started: {outcome}.{logged} {rule}",
                self.what_ended(number - 1),
                in_words(expected.runs[number - 1].1)
            );
        };
        assert!(
            !seen.beside,
            "Run {} was started while the one before it was under way. There is one run at a time.",
            number + 1
        );
        if number == 0 {
            assert!(
                seen.begun <= GRAIN,
                "The first run was started {} after the call. It starts at once.",
                in_words(seen.begun)
            );
            return;
        }
        let failed = expected.runs[number - 1].1;
        if let Some(ended) = state.runs[number - 1].ended
            && ended + GRAIN < failed
        {
            panic!(
                "Run {number} was ended after {}. It would have gone on until {}: only `stop` ends a run.",
                in_words(ended),
                in_words(failed)
            );
        }
        let found = seen.begun.saturating_sub(failed);
        let pause = due - failed;
        assert!(
            found + GRAIN >= pause && found <= pause + GRAIN,
            "{}, and the next one was started {} later. After failure {number}, the pause is {}, and begins with the failure.",
            self.what_ended(number - 1),
            in_words(found),
            in_words(pause)
        );
    }

    fn check_logged(&self, state: &State, number: usize, due: Duration, failure: &Failure) {
        let what = self.what_ended(number);
        // One that came later and is another failure's is not about this one.
        let entry = state.logged.get(number).filter(|(at, found)| found == failure || *at <= due + GRAIN);
        let Some((at, found)) = entry else {
            panic!("{what}, and nothing was logged. Each failure is logged, at once: `{failure:?}`.");
        };
        assert!(found == failure, "{what}, and `{found:?}` was logged. Expected: `{failure:?}`.");
        assert!(
            *at <= due + GRAIN,
            "{what}, and it was logged {} later. A failure is logged at once, before the pause.",
            in_words(at.saturating_sub(due))
        );
    }

    fn check_no_more(&self, state: &State, expected: &Expected) {
        let (runs, due) = (state.runs.len(), expected.runs.len());
        if runs <= due {
            return;
        }
        let at = in_words(state.runs[due].begun);
        if self.stopped_before {
            panic!(
                "`stop` was cancelled before `supervise` was called, and a run was started. No run is started after that."
            );
        }
        if let Some(stop) = self.stop.filter(|_| matches!(expected.outcome, Outcome::Stopped)) {
            panic!(
                "`stop` was cancelled after {}, and another run was started after {at}. A shutdown is no failure, and no run is started \
                 after it.",
                in_words(stop)
            );
        }
        let last = self.what_ended(due - 1);
        match &expected.outcome {
            Outcome::Finished => panic!(
                "{last}, and another run was started after {at}. A run that ends well is the last one."
            ),
            _ => panic!(
                "{last}, which was failure {}, and another run was started after {at}. After failure {MOST_FAILURES} it gives up.",
                expected.logged.len()
            ),
        }
    }

    fn check_all(&self) {
        let expected = self.expected();
        let state = self.state();
        assert!(
            state.strangers == 0,
            "A run was polled on another thread than the runtime's. The runtime is there: spawn a task, or poll the run yourself."
        );
        drop(state);
        self.check_progress();
        let state = self.state();
        let (returned, outcome) = state.returned.as_ref().expect("`supervise` has returned");
        for (number, (_, ends)) in expected.runs.iter().enumerate() {
            let Some(ended) = state.runs[number].ended else {
                panic!(
                    "`supervise` returned `{outcome:?}` after {}, and run {} was not gone: what it owns had not been dropped. Abort it, and wait \
                     for the end of that, too.",
                    in_words(*returned),
                    number + 1
                );
            };
            let stopped = self.stop.filter(|stop| stop == ends);
            assert!(
                ended + GRAIN >= *ends,
                "Run {} was ended after {}. It would have gone on until {}: only `stop` ends a run.",
                number + 1,
                in_words(ended),
                in_words(*ends)
            );
            assert!(
                ended <= *ends + GRAIN,
                "`stop` was cancelled after {}, and run {} went on for {} after that. It ends the run at once.",
                in_words(stopped.unwrap_or(*ends)),
                number + 1,
                in_words(ended - *ends)
            );
        }
        if let Some((at, surplus)) = state.logged.get(expected.logged.len()) {
            panic!(
                "`{surplus:?}` was logged after {}, and no run had failed then. There were {}.",
                in_words(*at),
                counted(expected.logged.len(), "failure")
            );
        }
        assert!(
            *outcome == expected.outcome,
            "`supervise` returned `{outcome:?}` after {}. {}. Expected: `{:?}`.",
            in_words(*returned),
            self.how_it_ended(&expected),
            expected.outcome
        );
        let late = returned.saturating_sub(expected.over);
        assert!(
            late <= GRAIN,
            "{}, and `supervise` returned {} later. It returns at once.",
            self.how_it_ended(&expected),
            in_words(late)
        );
        assert!(
            *returned + GRAIN >= expected.over,
            "`supervise` returned after {}. {}.",
            in_words(*returned),
            self.how_it_ended(&expected)
        );
    }

    fn how_it_ended(&self, expected: &Expected) -> String {
        let at = in_words(expected.over);
        match &expected.outcome {
            Outcome::Stopped if self.stopped_before => "`stop` was cancelled before the call".to_owned(),
            Outcome::Stopped => format!("`stop` was cancelled after {at}"),
            Outcome::Finished => format!("{} after {at}", self.what_ended(expected.runs.len() - 1)),
            Outcome::GaveUp(_) => format!(
                "{} after {at}, which was failure {}",
                self.what_ended(expected.runs.len() - 1),
                expected.logged.len()
            ),
        }
    }
}

/// What a run should have done, and when.
struct Expected {
    runs: Vec<(Duration, Duration)>,
    logged: Vec<(Duration, Failure)>,
    over: Duration,
    outcome: Outcome,
}

/// What testkit says of a payload that is not text.
const NOT_TEXT: &str = "value is not text";

/// Whether a text has the payload of that end in it.
fn carries(text: &str, end: &End) -> bool {
    match end {
        End::Panic(payload) => !payload.is_empty() && text.contains(payload),
        End::PanicString(payload) => !payload.is_empty() && text.contains(payload.as_str()),
        _ => false,
    }
}

/// Panics, without a word on the standard error.
fn fall(end: End) -> ! {
    match end {
        End::Panic(text) => resume_unwind(Box::new(text)),
        End::PanicString(text) => resume_unwind(Box::new(text)),
        _ => resume_unwind(Box::new(7_u32)),
    }
}

/// What a run owns. Notes when it is dropped.
struct Running {
    shop: Shop,
    number: usize,
}

impl Drop for Running {
    fn drop(&mut self) {
        if thread::current().id() != self.shop.home {
            return;
        }
        let now = self.shop.now();
        let mut state = self.shop.state();
        if !state.closed {
            state.runs[self.number].ended = Some(now);
        }
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many hours, and a bit, as no guess would have it.
fn hours(hours: u64) -> Duration {
    ms(3_600_000 * hours + 1_000 * pick(1..=900) + pick(100..=900))
}

fn days(days: u64) -> Duration {
    hours(24 * days)
}
