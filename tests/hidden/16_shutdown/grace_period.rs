//! Hidden tests of `grace_period`: when jobs are told and aborted, when `run` returns, and what it reports.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Job, Report, run};
use testkit::{
    Lane, Timeline, Unrest, counted, handed_on, in_words, panic_of, pick, side_by_side, silence, stage,
    timed, to_its_end, vt,
};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// Jobs that return soon after the shutdown end it: nobody waits for the rest of the grace period.
#[test]
fn polite_jobs_end_it_early() {
    for jobs in [vec![hours(1), hours(2), ms(30)], vec![hours(3)], vec![Duration::ZERO; 3]] {
        let farm = Farm::new(hours(8), hours(5));
        farm.run(jobs.into_iter().map(Kind::Polite));
        farm.check();
    }
}

/// A job that is still running after the grace period is aborted, and it is gone when `run` returns.
#[test]
fn a_stubborn_job_is_aborted_after_the_grace() {
    for (jobs, grace) in [
        (vec![Kind::Stubborn], hours(5)),
        (vec![Kind::Polite(hours(1)), Kind::Stubborn, Kind::Polite(hours(2)), Kind::Stubborn], hours(5)),
        (vec![Kind::Stubborn, Kind::Polite(hours(9)), Kind::Stubborn], ms(pick(300..=900))),
    ] {
        let farm = Farm::new(hours(9), grace);
        farm.run(jobs);
        farm.check();
    }
}

/// A second signal ends the grace period at once.
#[test]
fn a_second_signal_ends_the_patience() {
    for (hurry, grace) in
        [(hours(1), hours(5)), (ms(10), days(3)), (hours(8), hours(5)), (Duration::ZERO, hours(5))]
    {
        let farm = Farm { hurry: Some(hurry), ..Farm::new(hours(2), grace) };
        farm.run([Kind::Polite(ms(5)), Kind::Stubborn, Kind::Polite(hours(40)), Kind::Stubborn]);
        farm.check();
    }
    // Nobody is left who could be in the way.
    let farm = Farm { hurry: Some(hours(3)), ..Farm::new(hours(2), hours(5)) };
    farm.run([Kind::Polite(hours(1))]);
    farm.check();
}

/// The report has every job once: as it ended, whether that was before the shutdown or after it.
#[test]
fn the_report_counts_every_job() {
    let all = [
        Kind::Ends(hours(1)),
        Kind::Panics(hours(2)),
        Kind::Polite(hours(1)),
        Kind::PanicsWhenTold(hours(2)),
        Kind::Stubborn,
        Kind::Ends(hours(9)),
    ];
    for (ends, polite) in [(1, 3), (2, 0), (0, 2), (pick(3..=9), pick(10..=19))] {
        let farm = Farm::new(hours(6), hours(4));
        let more = (0..ends).map(|_| Kind::Ends(hours(2))).chain((0..polite).map(|_| Kind::Polite(ms(90))));
        farm.run(all.into_iter().chain(more).chain([Kind::Panics(ms(20)); 2]));
        farm.check();
    }
    for kind in all {
        let farm = Farm::new(hours(6), hours(4));
        farm.run([kind; 3]);
        farm.check();
    }
}

/// All jobs run side by side until the shutdown, which is waited for also when no job is left.
#[test]
fn it_goes_on_until_the_shutdown() {
    for jobs in [
        vec![],
        vec![Kind::Ends(hours(1))],
        vec![Kind::Panics(ms(5)), Kind::Ends(hours(3)), Kind::Ends(hours(2))],
    ] {
        let farm = Farm::new(days(3), hours(1));
        farm.run(jobs);
        farm.check();
    }
    let farm = Farm::new(Duration::ZERO, hours(1));
    farm.run([Kind::Polite(ms(20)), Kind::Stubborn]);
    farm.check();
}

/// The grace period may be zero, and it may be the longest time that there is.
#[test]
fn any_grace() {
    let farm = Farm::new(hours(2), Duration::ZERO);
    farm.run([Kind::Stubborn, Kind::Polite(hours(1))]);
    farm.check();

    stage("`grace` is `Duration::MAX`");
    let farm = Farm::new(hours(2), Duration::MAX);
    farm.run([Kind::Polite(days(90)), Kind::Polite(hours(1))]);
    farm.check();
    let farm = Farm { hurry: Some(days(100)), ..Farm::new(hours(2), Duration::MAX) };
    farm.run([Kind::Stubborn, Kind::Polite(days(90))]);
    farm.check();
}

/// There may be hundreds of jobs.
#[test]
fn hundreds_of_jobs() {
    let farm = Farm::new(hours(7), hours(5));
    farm.run((0..pick(300..=400)).map(|n| match n % 5 {
        0 => Kind::Stubborn,
        1 => Kind::Ends(hours(n % 6)),
        2 => Kind::PanicsWhenTold(hours(1)),
        _ => Kind::Polite(hours(n % 4)),
    }));
    farm.check();
}

/// While nothing happens, everybody sleeps, and two calls know nothing of each other.
#[test]
fn calls_are_independent() {
    let farm = Farm::new(days(50), days(60));
    let mut rests = Ok(());
    farm.run_beside([Kind::Polite(days(1)), Kind::Stubborn], async {
        sleep(hours(3)).await;
        rests = silence().await;
        sleep(days(52).saturating_sub(farm.now())).await;
        if rests.is_ok() {
            rests = silence().await;
        }
    });
    farm.check();
    rest(rests);

    let [slow, quick, handed] = [hours(9), ms(90), ms(90)].map(|shutdown| {
        let farm = Farm::new(shutdown, ms(50));
        async move {
            let _ = farm.call(vec![Kind::Polite(ms(10)), Kind::Stubborn]).await;
        }
    });
    stage("two calls of `run` are under way");
    if let Err(text) = panic_of(|| vt(side_by_side("`run`", 60, slow, quick))) {
        panic!("{text}");
    }
    stage("another task goes on with `run`");
    if let Err(text) = panic_of(|| vt(handed_on("`run`", 60, handed))) {
        panic!("{text}");
    }
}

/// What a job does.
#[derive(Clone, Copy)]
enum Kind {
    /// Returns so long after it was told.
    Polite(Duration),
    /// Does not listen, and does not end.
    Stubborn,
    /// Does not listen, and returns after so long.
    Ends(Duration),
    Panics(Duration),
    /// Panics so long after it was told.
    PanicsWhenTold(Duration),
}

/// The jobs of one call, and what was seen of them.
#[derive(Clone)]
struct Farm {
    shutdown: Duration,
    grace: Duration,
    /// How long after the shutdown the second signal comes.
    hurry: Option<Duration>,
    state: Arc<Mutex<State>>,
    start: Arc<OnceLock<Instant>>,
    timeline: Timeline,
    home: ThreadId,
}

#[derive(Default)]
struct State {
    jobs: Vec<Seen>,
    returned: Option<(Duration, Report)>,
    /// When the call was over, in one way or another.
    over: Duration,
    /// Whether the test has seen enough. What is dropped from then on counts for nothing.
    closed: bool,
    strangers: usize,
}

/// What was seen of one job.
struct Seen {
    kind: Kind,
    began: Option<Duration>,
    told: Option<Duration>,
    ended: Option<(Duration, End)>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Returned,
    Panicked,
    Dropped,
}

impl Farm {
    fn new(shutdown: Duration, grace: Duration) -> Self {
        let (state, start, timeline) = (Arc::default(), Arc::default(), Timeline::new());
        timeline.lane("run");
        Self { shutdown, grace, hurry: None, state, start, timeline, home: thread::current().id() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.get_or_init(Instant::now).elapsed()
    }

    /// When the jobs that are left are to be aborted.
    fn limit(&self) -> Duration {
        self.shutdown.saturating_add(self.hurry.map_or(self.grace, |hurry| hurry.min(self.grace)))
    }

    async fn call(&self, kinds: Vec<Kind>) -> Result<(), String> {
        self.now();
        let polls = 30 + 4 * kinds.len();
        let lane = |number| if number < 8 { format!("job {}", number + 1) } else { "more jobs".to_owned() };
        let seen = kinds.iter().map(|kind| Seen { kind: *kind, began: None, told: None, ended: None });
        self.state().jobs = seen.collect();
        let jobs = kinds.into_iter().enumerate().map(|(number, kind)| Scene {
            lane: self.timeline.lane(lane(number)),
            farm: self.clone(),
            number,
            kind,
        });
        let jobs = jobs.collect();
        let marks = self.timeline.lane("run");
        let shutdown = async {
            sleep(self.shutdown).await;
            marks.mark("shutdown");
        };
        let hurry = async {
            match self.hurry {
                // Made when it is called, and polled later: the time counts from the call.
                Some(hurry) => sleep((self.shutdown + hurry).saturating_sub(self.now())).await,
                None => pending().await,
            }
            marks.mark("hurry");
        };
        let call = self.timeline.lane("run").watch(run(jobs, shutdown, hurry, self.grace));
        let call = timed("`run`", polls, call).await;
        let now = self.now();
        let mut state = self.state();
        (state.over, state.closed) = (now, true);
        state.returned = Some((now, call?.output));
        Ok(())
    }

    fn run(&self, kinds: impl IntoIterator<Item = Kind>) {
        self.run_beside(kinds, async {});
    }

    fn run_beside(&self, kinds: impl IntoIterator<Item = Kind>, beside: impl Future<Output = ()>) {
        let kinds: Vec<_> = kinds.into_iter().collect();
        stage(format!("`run` has been called, with {}", counted(kinds.len(), "job")));
        let ran = panic_of(|| {
            vt(async {
                let ran = to_its_end(100_000, async { tokio::join!(self.call(kinds), beside).0 }).await;
                self.state().closed = true;
                ran
            })
            .0
        });
        let text = match ran {
            Ok(Ok(Ok(()))) => return,
            Ok(Ok(Err(text))) | Err(text) => text,
            Ok(Err(Unrest::Asleep)) => "`run` had not returned".to_owned(),
            Ok(Err(unrest)) => {
                rest(Err(unrest));
                unreachable!("said why")
            }
        };
        self.check_never(&text);
    }

    /// Says why `run` has not returned.
    fn check_never(&self, text: &str) -> ! {
        let state = self.state();
        let panicked = state.jobs.iter().any(|seen| matches!(seen.ended, Some((_, End::Panicked))));
        if panicked && (text.contains(BROKEN) || text.contains("JoinError::Panic")) {
            panic!(
                "A job panicked, and `run` panicked with it. The report counts that job, and the others go on."
            );
        }
        if text.contains("overflow") {
            panic!(
                "`grace` was {}, and {text}. It may be `Duration::MAX`, and such a time cannot be added to an `Instant`.",
                self.grace_in_words()
            );
        }
        if text.contains("wakes up again and again") {
            panic!(
                "For {} after the shutdown, `run` woke up by the clock all the time: it looks again and again. The end of a task wakes the one \
                 who waits for it.",
                in_words(state.over.saturating_sub(self.shutdown))
            );
        }
        if !text.contains("had not returned") {
            panic!("{text}");
        }
        let left = state.jobs.iter().filter(|seen| seen.began.is_some() && seen.ended.is_none()).count();
        let limit = self.limit_in_words();
        assert!(
            left == 0,
            "{limit}, and 700 days later {} still running. `run` waits for them forever: abort what is left when the patience is over.",
            if left == 1 { "1 job was".to_owned() } else { format!("{left} jobs were") }
        );
        panic!(
            "No job was left, {limit}, and `run` had not returned 700 days later. It returns as soon as no job is left."
        );
    }

    fn grace_in_words(&self) -> String {
        if self.grace == Duration::MAX { "`Duration::MAX`".to_owned() } else { in_words(self.grace) }
    }

    /// When the patience was over.
    fn limit_in_words(&self) -> String {
        let at = in_words(self.shutdown);
        match self.hurry.filter(|hurry| *hurry < self.grace) {
            Some(hurry) => {
                format!("The shutdown came after {at}, the second signal {} later", in_words(hurry))
            }
            None => format!("The shutdown came after {at}, with a grace period of {}", self.grace_in_words()),
        }
    }

    fn check(&self) {
        let state = self.state();
        assert!(
            state.strangers == 0,
            "A job ran on another thread than the runtime's. The runtime is there: spawn a task for each job."
        );
        let (returned, report) = state.returned.as_ref().expect("`run` has returned");
        let returned = *returned;
        assert!(
            returned + GRAIN >= self.shutdown,
            "`run` returned after {}, and the shutdown came after {}. It goes on until then, also when no job is left.",
            in_words(returned),
            in_words(self.shutdown)
        );
        for (number, seen) in (1..).zip(&state.jobs) {
            self.check_job(number, seen, returned);
        }
        let last =
            state.jobs.iter().filter_map(|seen| seen.ended).map(|(at, _)| at).max().unwrap_or_default();
        let due = last.max(self.shutdown);
        assert!(
            returned <= due + GRAIN,
            "{}. The last job had ended after {}, and `run` returned {} later. It returns as soon as no job is left.",
            self.limit_in_words(),
            in_words(last),
            in_words(returned - due)
        );
        let count =
            |end| state.jobs.iter().filter(|seen| seen.ended.is_some_and(|(_, found)| found == end)).count();
        let expected = Report {
            finished: count(End::Returned),
            panicked: count(End::Panicked),
            aborted: count(End::Dropped),
        };
        assert!(
            *report == expected,
            "The report says: {}. What happened: {}. Each job counts once, as it has ended.",
            told(report),
            told(&expected)
        );
    }

    fn check_job(&self, number: usize, seen: &Seen, returned: Duration) {
        let limit = self.limit();
        assert!(
            seen.began.is_some_and(|began| began <= GRAIN),
            "Job {number} {}. `run` starts all jobs at the same time, when it is called.",
            seen.began.map_or("was never started".to_owned(), |began| format!(
                "was started after {}",
                in_words(began)
            ))
        );
        if let Some((ended, End::Dropped)) = seen.ended
            && ended + GRAIN < limit
        {
            let when = match ended.checked_sub(self.shutdown) {
                None => "before the shutdown".to_owned(),
                Some(after) if after <= GRAIN => "at once".to_owned(),
                Some(after) => format!("{} after the shutdown", in_words(after)),
            };
            let needed =
                seen.ends_by_itself(self.shutdown).map(|due| in_words(due.saturating_sub(self.shutdown)));
            let needed = needed.map_or(String::new(), |needed| {
                format!(" This one would have ended {needed} after the shutdown.")
            });
            panic!(
                "{}, and job {number} was aborted {when}. Until the patience is over, a job has the time to end by itself.{needed}",
                self.limit_in_words()
            );
        }
        self.check_told(number, seen);
        let Some((ended, _)) = seen.ended else {
            panic!(
                "{}. `run` returned {} after the shutdown, and job {number} was not gone: what it owns had not been dropped. Abort what is \
                 left, and wait for the end of that, too.",
                self.limit_in_words(),
                in_words(returned.saturating_sub(self.shutdown))
            );
        };
        assert!(
            ended <= limit.saturating_add(GRAIN),
            "{}, and job {number} was still running {} after that. A job that is left then is aborted, at once.",
            self.limit_in_words(),
            in_words(ended - limit)
        );
    }

    fn check_told(&self, number: usize, seen: &Seen) {
        let (at, due) = (in_words(self.shutdown), self.shutdown);
        if let Some(told) = seen.told {
            assert!(
                told + GRAIN >= due,
                "Job {number} was told to stop after {}, and the shutdown came after {at}. Nobody is told before.",
                in_words(told)
            );
            assert!(
                told <= due + GRAIN,
                "Job {number} was told to stop {} after the shutdown. Every job is told when it comes, and then has the grace period.",
                in_words(told - due)
            );
            return;
        }
        let listens = matches!(seen.kind, Kind::Polite(_) | Kind::PanicsWhenTold(_));
        assert!(
            !listens || self.limit() <= due + GRAIN,
            "The shutdown came after {at}, and job {number}, which listens, was not told to stop. Cooperate first: tell every job."
        );
    }
}

impl Seen {
    /// When the job ends if nobody aborts it, and it is told at the shutdown.
    fn ends_by_itself(&self, shutdown: Duration) -> Option<Duration> {
        match self.kind {
            Kind::Polite(after) | Kind::PanicsWhenTold(after) => Some(shutdown + after),
            Kind::Ends(at) | Kind::Panics(at) => Some(at),
            Kind::Stubborn => None,
        }
    }
}

fn told(report: &Report) -> String {
    format!("{} finished, {} panicked, {} aborted", report.finished, report.panicked, report.aborted)
}

fn rest(rest: Result<(), Unrest>) {
    match rest {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "Nothing happened, and within {} your code kept waking up by the clock to look. The end of a task can wake the one who waits \
             for it.",
            in_words(time)
        ),
        Err(_) => panic!(
            "Nothing happened, and your code never came to rest: it asks again and again. The end of a task can wake the one who waits for \
             it."
        ),
    }
}

/// What a job says that panics.
const BROKEN: &str = "the scene is broken";

/// A job.
struct Scene {
    farm: Farm,
    number: usize,
    kind: Kind,
    lane: Lane,
}

/// What a job owns. Notes how it ends.
struct Running {
    farm: Farm,
    number: usize,
    end: End,
}

impl Drop for Running {
    fn drop(&mut self) {
        if thread::current().id() != self.farm.home {
            return;
        }
        let now = self.farm.now();
        let mut state = self.farm.state();
        if !state.closed {
            state.jobs[self.number].ended = Some((now, self.end));
        }
    }
}

impl Job for Scene {
    async fn work(self, stop: CancellationToken) {
        let Self { farm, number, kind, lane } = self;
        if thread::current().id() != farm.home {
            farm.state().strangers += 1;
            return;
        }
        let now = farm.now();
        farm.state().jobs[number].began = Some(now);
        let mut running = Running { farm: farm.clone(), number, end: End::Dropped };
        let listen = async {
            stop.cancelled().await;
            lane.mark("told");
            let now = farm.now();
            farm.state().jobs[number].told = Some(now);
        };
        let work = async {
            match kind {
                Kind::Polite(after) | Kind::PanicsWhenTold(after) => {
                    listen.await;
                    if !after.is_zero() {
                        sleep(after).await;
                    }
                }
                Kind::Ends(after) | Kind::Panics(after) => sleep(after).await,
                Kind::Stubborn => pending().await,
            }
        };
        lane.watch(work).await;
        if matches!(kind, Kind::Panics(_) | Kind::PanicsWhenTold(_)) {
            running.end = End::Panicked;
            lane.mark("panics");
            resume_unwind(Box::new(BROKEN));
        }
        running.end = End::Returned;
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
