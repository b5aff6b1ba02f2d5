//! Hidden tests of `wait_for_everyone`: who is told when, whose video is saved, and when `record` returns.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Camera, record};
use testkit::{
    Lane, Timed, Timeline, Unrest, counted, handed_on, in_words, panic_of, pick, side_by_side, silence,
    stage, timed, to_its_end, vt,
};
use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// `record` returns at the moment when the last video is saved, however long that takes.
#[test]
fn it_returns_when_the_last_video_is_saved() {
    for times in [
        vec![hours(3), ms(40), hours(1)],
        vec![ms(pick(30..=90)), hours(1), days(40)],
        vec![ms(pick(300..=900))],
        vec![ms(5), ms(pick(5_200..=9_000))],
    ] {
        let cameras = times.into_iter().map(|saves| Plan { saves, ..Plan::default() });
        let site = Site::new(hours(2));
        site.run(cameras);
        site.check();
    }
}

/// There may be nothing to wait for.
#[test]
fn nothing_may_be_left_to_wait_for() {
    let site = Site::new(hours(2));
    site.run([]);
    site.check();

    let site = Site::new(hours(5));
    site.run([1, 3].map(|n| Plan { ends: Ends::Itself(hours(n)), ..Plan::default() }));
    site.check();

    // It takes no time, or the shutdown is there from the beginning.
    let site = Site::new(hours(1));
    site.run([0, 0].map(|saves| Plan { saves: ms(saves), ..Plan::default() }));
    site.check();
    let site = Site::new(Duration::ZERO);
    site.run([Plan { on: hours(1), ..Plan::default() }]);
    site.check();
}

/// A recording that panics has ended. The others are waited for as before.
#[test]
fn a_recording_that_panics_has_ended() {
    // Without a panic, the same recordings do not hold it up.
    let site = Site::new(hours(4));
    site.run((0..3).map(|n| Plan { saves: hours(4 - n), ..Plan::default() }));
    site.check();
    for ends in [Ends::PanicsAfter(hours(1)), Ends::PanicsWhenTold] {
        for place in 0..3 {
            let site = Site::new(hours(4));
            site.run((0..3).map(|n| {
                let ends = if n == place { ends } else { Ends::Told };
                Plan { ends, saves: hours(4 - n), ..Plan::default() }
            }));
            site.check();
        }
        let site = Site::new(hours(4));
        site.run((0..3).map(|_| Plan { ends, ..Plan::default() }));
        site.check();
    }
}

/// Until the shutdown, each camera films from the moment when it comes in, whatever the others do.
#[test]
fn cameras_may_come_at_any_time() {
    // Some have ended when others come; then there is none for a while.
    for open in [true, false] {
        let site = Site { open, ..Site::new(days(3)) };
        site.run([
            Plan { ends: Ends::Itself(hours(2)), ..Plan::default() },
            Plan { on: hours(1), ends: Ends::Itself(ms(20)), ..Plan::default() },
            Plan { on: hours(20), saves: hours(2), ..Plan::default() },
            Plan { on: hours(21), ends: Ends::Itself(hours(1)), ..Plan::default() },
            Plan { on: hours(40), saves: hours(1), ..Plan::default() },
        ]);
        site.check();
    }
    let site = Site { open: false, ..Site::new(days(3)) };
    site.run([]);
    site.check();
}

/// There may be hundreds of cameras, and all of them are told at the same moment.
#[test]
fn hundreds_of_cameras() {
    let site = Site::new(hours(9));
    let count = pick(300..=400);
    site.run((0..count).map(|n| Plan {
        on: if n % 2 == 0 { Duration::ZERO } else { hours(n % 7) },
        saves: hours(1 + n % 50),
        ends: if n % 9 == 8 { Ends::PanicsWhenTold } else { Ends::Told },
    }));
    site.check();
}

/// While nothing happens, everybody sleeps, before the shutdown and after it.
#[test]
fn waiting_is_sleeping() {
    let site = Site::new(days(70));
    let mut rests = Ok(());
    site.run_beside([Plan { saves: days(60), ..Plan::default() }], async {
        sleep(hours(1)).await;
        rests = silence().await;
        sleep(days(72).saturating_sub(site.now())).await;
        if rests.is_ok() {
            rests = silence().await;
        }
    });
    site.check();
    rest(rests);
}

/// Two calls know nothing of each other, and another task may go on with one.
#[test]
fn calls_are_independent() {
    let [slow, quick, handed] = [days(2), hours(1), hours(1)].map(|shutdown| {
        let site = Site::new(shutdown);
        async move {
            let _switched_on = site.clone().start([Plan { saves: shutdown, ..Plan::default() }]).await;
        }
    });
    stage("two recorders are at work");
    if let Err(text) = panic_of(|| vt(side_by_side("`record`", 60, slow, quick))) {
        panic!("{text}");
    }
    stage("another task goes on with `record`");
    if let Err(text) = panic_of(|| vt(handed_on("`record`", 60, handed))) {
        panic!("{text}");
    }
}

/// What a camera does.
#[derive(Clone, Copy)]
struct Plan {
    /// When it comes in.
    on: Duration,
    /// How long it takes to save its video.
    saves: Duration,
    ends: Ends,
}

#[derive(Clone, Copy, PartialEq)]
enum Ends {
    /// At the shutdown.
    Told,
    /// It is switched off after so long, or told before.
    Itself(Duration),
    PanicsAfter(Duration),
    PanicsWhenTold,
}

impl Default for Plan {
    fn default() -> Self {
        Self { on: Duration::ZERO, saves: ms(100), ends: Ends::Told }
    }
}

/// Where the cameras are, and what was seen of them.
#[derive(Clone)]
struct Site {
    shutdown: Duration,
    /// Whether the channel of cameras stays open.
    open: bool,
    state: Arc<Mutex<State>>,
    start: Arc<OnceLock<Instant>>,
    timeline: Timeline,
    home: ThreadId,
}

#[derive(Default)]
struct State {
    cameras: Vec<Seen>,
    returned: Option<Duration>,
    /// When the call was over, in one way or another.
    over: Duration,
    /// Whether the test has seen enough. What is dropped from then on counts for nothing.
    closed: bool,
    strangers: usize,
}

/// What was seen of one camera.
#[derive(Clone)]
struct Seen {
    plan: Plan,
    /// When it was sent into the channel.
    came: Option<Duration>,
    began: Option<Duration>,
    told: Option<Duration>,
    ended: Option<(Duration, End)>,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Saved,
    Panicked,
    Dropped,
}

impl Site {
    fn new(shutdown: Duration) -> Self {
        let (state, start, timeline) = (Arc::default(), Arc::default(), Timeline::new());
        timeline.lane("record");
        Self { shutdown, open: true, state, start, timeline, home: thread::current().id() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.get_or_init(Instant::now).elapsed()
    }

    /// Calls `record` and lets the cameras come. The channel is open until the sender is dropped that it gives.
    async fn start(
        self,
        plans: impl IntoIterator<Item = Plan>,
    ) -> Result<Option<mpsc::Sender<Film>>, String> {
        self.now();
        let plans: Vec<_> = plans.into_iter().collect();
        let (sender, cameras) = mpsc::channel(plans.len().max(1));
        for plan in &plans {
            self.state().cameras.push(Seen { plan: *plan, came: None, began: None, told: None, ended: None });
        }
        let polls = 20 + 4 * plans.len();
        let come = async {
            let mut order: Vec<_> = plans.iter().enumerate().collect();
            order.sort_by_key(|(_, plan)| plan.on);
            for (number, plan) in order {
                let wait = plan.on.saturating_sub(self.now());
                if !wait.is_zero() {
                    sleep(wait).await;
                }
                let now = self.now();
                let lane =
                    if number < 7 { format!("camera {}", number + 1) } else { "more cameras".to_owned() };
                let lane = self.timeline.lane(lane);
                if sender.send(Film { site: self.clone(), number, lane }).await.is_ok() {
                    self.state().cameras[number].came = Some(now);
                }
            }
            self.open.then_some(sender)
        };
        let shutdown = async {
            sleep(self.shutdown).await;
            self.timeline.lane("record").mark("shutdown");
        };
        let recording = async {
            let call = self.timeline.lane("record").watch(record(cameras, shutdown));
            let call = timed("`record`", polls, call).await;
            // Nothing comes in between the return and this line.
            let now = self.now();
            let mut state = self.state();
            (state.returned, state.over, state.closed) = (call.is_ok().then_some(now), now, true);
            drop(state);
            call
        };
        let (sender, call) = tokio::join!(come, recording);
        call.map(|Timed { .. }| sender)
    }

    fn run(&self, plans: impl IntoIterator<Item = Plan>) {
        self.run_beside(plans, async {});
    }

    fn run_beside(&self, plans: impl IntoIterator<Item = Plan>, beside: impl Future<Output = ()>) {
        let plans: Vec<_> = plans.into_iter().collect();
        stage(format!("`record` has been called, with {}", counted(plans.len(), "camera")));
        let ran = panic_of(|| {
            vt(async {
                let calls = async {
                    let (call, ()) = tokio::join!(self.clone().start(plans), beside);
                    call.map(|_| ())
                };
                let ran = to_its_end(100_000, calls).await;
                self.state().closed = true;
                ran
            })
            .0
        });
        let failed = match ran {
            Ok(Ok(Ok(()))) => return,
            Ok(Ok(Err(text))) => Some(text),
            Ok(Err(Unrest::Asleep)) => None,
            Ok(Err(unrest)) => {
                rest(Err(unrest));
                None
            }
            Err(text) => Some(text),
        };
        self.check_never(failed);
    }

    /// Says why `record` has not returned.
    fn check_never(&self, failed: Option<String>) -> ! {
        let state = self.state();
        let all = state.cameras.len();
        if let Some(text) = failed {
            let broken = state.cameras.iter().position(|seen| matches!(seen.ended, Some((_, End::Panicked))));
            if let (Some(place), true) = (broken, told_of_a_panic(&text)) {
                let left = state.cameras.iter().filter(|seen| seen.filmed_on()).count();
                panic!(
                    "Camera {} of {all} panicked, and `record` panicked with it: {} not over. A recording that panics has ended, \
                     and does not concern the others.",
                    place + 1,
                    if left == 1 {
                        "1 other recording was".to_owned()
                    } else {
                        format!("{left} other recordings were")
                    }
                );
            }
            if text.contains("wakes up again and again") {
                let (when, rule) = match state.over.checked_sub(self.shutdown) {
                    Some(later) => (
                        format!("From the shutdown on, for {}", in_words(later)),
                        "The end of a task wakes the one who waits for it.",
                    ),
                    None => (
                        format!("For {}", in_words(state.over)),
                        "The shutdown and the next camera wake the one who waits for them.",
                    ),
                };
                panic!(
                    "{when}, `record` woke up by the clock all the time: it looks again and again. {rule}"
                );
            }
            if !text.contains("had not returned") {
                panic!("{text}");
            }
        }
        let at = in_words(self.shutdown);
        for (number, seen) in (1..).zip(&state.cameras) {
            seen.check_start(number, self.shutdown);
            assert!(
                seen.told.is_some() || seen.ended.is_some() || seen.began.is_none(),
                "The shutdown came after {at}, and camera {number} has never been told: it films on. Tell everybody first, and then \
                 wait."
            );
        }
        if let Some(panicked) =
            state.cameras.iter().position(|seen| matches!(seen.ended, Some((_, End::Panicked))))
        {
            panic!(
                "Camera {} of {all} panicked, all recordings have ended, and `record` still waits. A panic ends a task before its last \
                 line: only what it owns is dropped.",
                panicked + 1
            );
        }
        let over = match all {
            0 => "There was no camera".to_owned(),
            1 => "The only recording had ended".to_owned(),
            _ => format!("All {all} recordings had ended"),
        };
        panic!(
            "{over}, the shutdown came after {at}, and `record` had not returned 700 days later. It returns when no recording is left, \
             so it waits for something else."
        );
    }

    fn check(&self) {
        let state = self.state();
        assert!(
            state.strangers == 0,
            "A recording ran on another thread than the runtime's. The runtime is there: spawn a task for each recording."
        );
        let returned = state.returned.expect("`record` has returned");
        let all = state.cameras.len();
        for (number, seen) in (1..).zip(&state.cameras) {
            if seen.began.is_some() || seen.came.is_some_and(|came| came < self.shutdown) {
                seen.check_start(number, self.shutdown);
            }
        }
        let left =
            state.cameras.iter().filter(|seen| seen.began.is_some() && !seen.over_at(returned)).count();
        assert!(
            left == 0,
            "`record` returned {}, and {} of {} had not ended. It returns when the last one has ended.",
            self.after(returned),
            left,
            counted(all, "recording")
        );
        for (number, seen) in (1..).zip(&state.cameras) {
            let dropped = matches!(seen.ended, Some((_, End::Dropped)));
            assert!(
                !dropped,
                "Camera {number} needed {} to save its video, and its recording was stopped before. A recording that was told has as \
                 much time as it takes.",
                in_words(seen.plan.saves)
            );
            seen.check_told(number, self.shutdown);
        }
        let last = state.cameras.iter().filter_map(|seen| seen.ended).map(|(at, _)| at).max();
        let due = last.unwrap_or_default().max(self.shutdown);
        let what = match last {
            Some(last) if last > self.shutdown => "the last recording had ended",
            _ => "the shutdown came, with no recording left",
        };
        assert!(
            returned + GRAIN >= due,
            "`record` returned after {}, and the shutdown came after {}. Until then it waits for more cameras.",
            in_words(returned),
            in_words(self.shutdown)
        );
        assert!(
            returned <= due + GRAIN,
            "`record` returned {} after {what}. It returns at that moment.",
            in_words(returned - due)
        );
    }

    /// When, counted from the shutdown.
    fn after(&self, at: Duration) -> String {
        match at.checked_sub(self.shutdown) {
            None => "before the shutdown".to_owned(),
            Some(Duration::ZERO) => "at the shutdown".to_owned(),
            Some(later) => format!("{} after the shutdown", in_words(later)),
        }
    }
}

impl Seen {
    fn over_at(&self, at: Duration) -> bool {
        self.ended.is_some_and(|(ended, _)| ended <= at)
    }

    /// Whether it had begun and was not over by itself.
    fn filmed_on(&self) -> bool {
        self.began.is_some() && !matches!(self.ended, Some((_, End::Saved | End::Panicked)))
    }

    fn check_start(&self, number: usize, shutdown: Duration) {
        let Some(came) = self.came.filter(|came| *came < shutdown) else { return };
        let began = self.began.filter(|began| *began <= came + GRAIN);
        if began.is_none() {
            let began = self
                .began
                .map_or("never began".to_owned(), |began| format!("began {} later", in_words(began - came)));
            panic!(
                "Camera {number} came in after {}, and its recording {began}. The shutdown was to come after {}. Until then, each camera \
                 films from the moment when it comes in.",
                in_words(came),
                in_words(shutdown)
            );
        }
    }

    fn check_told(&self, number: usize, shutdown: Duration) {
        let Some(began) = self.began else { return };
        let due = shutdown.max(began);
        if let Some(told) = self.told {
            assert!(
                told + GRAIN >= due,
                "Camera {number} was told to stop after {}, and the shutdown came after {}. Nobody is told before.",
                in_words(told),
                in_words(shutdown)
            );
            assert!(
                told <= due + GRAIN,
                "Camera {number} was told to stop {} after the shutdown. All recordings are told at once, when it comes.",
                in_words(told - due)
            );
            return;
        }
        // It may have ended by itself before.
        if let Some((at, End::Saved | End::Panicked)) = self.ended
            && at <= due + GRAIN
        {
            return;
        }
        panic!(
            "The shutdown came after {}, camera {number} was filming, and it was not told to stop. Tell everybody, and then wait.",
            in_words(shutdown)
        );
    }
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

/// Whether `record` panicked with the panic of a recording: it unwrapped the outcome, or went on with it.
fn told_of_a_panic(text: &str) -> bool {
    [LENS, DISK, "JoinError::Panic"].iter().any(|panic| text.contains(panic))
}

const LENS: &str = "the lens is broken";
const DISK: &str = "the disk is full";

/// A camera.
struct Film {
    site: Site,
    number: usize,
    lane: Lane,
}

/// Notes how a recording ends.
struct Recording {
    site: Site,
    number: usize,
    end: End,
}

impl Drop for Recording {
    fn drop(&mut self) {
        if thread::current().id() != self.site.home {
            return;
        }
        let now = self.site.now();
        let mut state = self.site.state();
        if !state.closed {
            state.cameras[self.number].ended = Some((now, self.end));
        }
    }
}

impl Camera for Film {
    async fn film(self, stop: CancellationToken) {
        let Self { site, number, lane } = self;
        if thread::current().id() != site.home {
            site.state().strangers += 1;
            return;
        }
        let now = site.now();
        let plan = {
            let mut state = site.state();
            let seen = &mut state.cameras[number];
            seen.began = Some(now);
            seen.plan
        };
        let mut recording = Recording { site: site.clone(), number, end: End::Dropped };
        let itself = async {
            match plan.ends {
                Ends::Told | Ends::PanicsWhenTold => std::future::pending().await,
                Ends::Itself(after) => sleep(after).await,
                Ends::PanicsAfter(after) => {
                    sleep(after).await;
                    recording.end = End::Panicked;
                    lane.mark("panics");
                    resume_unwind(Box::new(LENS))
                }
            }
        };
        let told = lane
            .watch(async {
                select! {
                    () = stop.cancelled() => true,
                    () = itself => false,
                }
            })
            .await;
        if told {
            lane.mark("told");
            let now = site.now();
            site.state().cameras[number].told = Some(now);
            if plan.ends == Ends::PanicsWhenTold {
                recording.end = End::Panicked;
                lane.mark("panics");
                resume_unwind(Box::new(DISK));
            }
        }
        if !plan.saves.is_zero() {
            lane.watch(sleep(plan.saves)).await;
        }
        recording.end = End::Saved;
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
