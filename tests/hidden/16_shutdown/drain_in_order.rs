//! Hidden tests of `drain_in_order`: what is taken, what is written, and in which order everything ends.

use std::collections::{HashMap, VecDeque};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Ledger, Meter, collect};
use testkit::{
    Lane, Timed, Timeline, Unrest, counted, handed_on, in_words, panic_of, pick, side_by_side, silence,
    stage, timed, to_its_end, vt,
};
use tokio::time::{Instant, sleep, sleep_until};

/// Each reading that was taken is written, also those that were in the queue or in hand when the shutdown came.
#[test]
fn every_reading_is_written() {
    // The ledger takes its time for each reading; or only for the first one, and the shutdown comes meanwhile.
    for (meters, shutdown, first, each) in [
        (40, ms(250), ms(100), ms(100)),
        (3, ms(2_250), ms(100), ms(100)),
        (30, hours(1), hours(2), Duration::ZERO),
        (pick(200..=300), hours(1), minutes(30), minutes(9)),
    ] {
        let plant = Plant { first, each, ..Plant::new(shutdown) };
        plant.run((0..meters).map(|_| Plan::hot(10)));
        plant.check();
    }
}

/// From the shutdown on, no meter is read any more, also if it always has a reading.
#[test]
fn no_meter_is_read_after_the_shutdown() {
    for (shutdown, each) in [(hours(1), minutes(2)), (ms(130), ms(20))] {
        let plant = Plant { first: each, each, ..Plant::new(shutdown) };
        plant.run((0..50).map(|_| Plan::hot(10)));
        plant.check_taken();
        plant.check();
    }
}

/// The ledger is flushed once, after the last reading, and `collect` returns when it is done.
#[test]
fn the_ledger_is_flushed_last() {
    for (meters, flush) in [(20, hours(3)), (1, days(3)), (20, Duration::ZERO), (0, hours(1))] {
        let plant = Plant { first: ms(20), each: ms(20), flush, ..Plant::new(ms(170)) };
        plant.run((0..meters).map(|_| Plan::hot(5)));
        plant.check();
    }
}

/// Nobody waits for a meter that has no reading, neither before the shutdown nor after it.
#[test]
fn a_silent_meter_holds_up_nobody() {
    // More silent ones than there are places in the queue.
    for silent in [1, pick(30..=60)] {
        let plant = Plant { first: ms(10), each: ms(10), ..Plant::new(hours(30)) };
        let mut plans = vec![Plan::silent(); silent as usize];
        plans.insert(1, Plan::readings((0..5).map(|n| hours(1 + n % 3))));
        plans.push(Plan::readings([hours(4)]));
        plans.push(Plan::readings((0..40).map(|_| minutes(20))));
        plant.run(plans);
        plant.check_taken();
        plant.check_in_time();
        plant.check();
    }
}

/// When the queue is full, each meter has one reading in hand, and waits.
#[test]
fn full_means_that_the_meters_wait() {
    for meters in [1, 5, 30] {
        let plant = Plant { first: hours(1), each: minutes(1), ..Plant::new(hours(8)) };
        plant.run((0..meters).map(|_| Plan::hot(60)));
        let (most, meters) = (plant.state().most, meters as usize);
        assert!(
            most <= ROOM + meters + 1,
            "{most} readings had been taken and were waiting to be written, with {}. The queue has room for {ROOM}, and each meter has one \
             in hand. When the queue is full, the meters wait.",
            counted(meters, "meter")
        );
        plant.check();
    }
}

/// A meter that panics is out of service. What it gave before is written, and the others go on.
#[test]
fn a_meter_that_panics_is_out_of_service() {
    for broken in [vec![0], vec![2], vec![0, 1, 2]] {
        let plant = Plant { first: ms(10), each: ms(10), ..Plant::new(hours(40)) };
        plant.run((0..3).map(|n| {
            let plan = Plan::readings([hours(1), hours(2 + n), ms(4)]);
            Plan { panics: broken.contains(&n), ..plan }
        }));
        plant.check_in_time();
        plant.check();
    }
}

/// None, one, hundreds; equal ones, 0, and the largest number; and a meter that is silent for a month before.
#[test]
fn any_readings() {
    stage("there is no meter");
    let plant = Plant::new(hours(5));
    plant.run([]);
    plant.check();

    stage("there is no reading");
    let plant = Plant::new(hours(5));
    plant.run([Plan::silent(), Plan::silent()]);
    plant.check();

    stage("readings are equal, 0, or very large");
    let values = [0, 7, 7, u64::MAX, 7, 0, 0].map(|value| (ms(5), value));
    let plant = Plant { first: ms(1), each: ms(1), ..Plant::new(hours(1)) };
    plant.run(
        [values.to_vec(), values.to_vec()].map(|readings| Plan { readings: readings.into(), panics: false }),
    );
    plant.check();

    stage("a meter is silent for weeks");
    let plant = Plant { first: ms(20), each: ms(20), ..Plant::new(days(90)) };
    plant.run([Plan::readings([days(33), days(40)]), Plan::silent()]);
    plant.check_in_time();
    plant.check();

    stage("the shutdown is there from the beginning");
    let plant = Plant { first: ms(20), each: ms(20), ..Plant::new(Duration::ZERO) };
    plant.run((0..20).map(|_| Plan::hot(3)));
    plant.check();
}

/// While nothing happens, everybody sleeps, and two calls know nothing of each other.
#[test]
fn calls_are_independent() {
    let plant = Plant { first: days(50), each: ms(10), ..Plant::new(days(60)) };
    let mut rests = Ok(());
    plant.run_beside([Plan::readings([hours(1), ms(3)]), Plan::silent()], async {
        sleep(hours(3)).await;
        rests = silence().await;
    });
    plant.check();
    rest(rests);

    let [slow, quick, handed] = [hours(9), ms(90), ms(90)].map(|each| {
        let plant = Plant { first: each, each, ..Plant::new(each) };
        async move {
            let _ = plant.call((0..3).map(|_| Plan::hot(4)).collect()).await;
        }
    });
    stage("two calls of `collect` are under way");
    if let Err(text) = panic_of(|| vt(side_by_side("`collect`", 90, slow, quick))) {
        panic!("{text}");
    }
    stage("another task goes on with `collect`");
    if let Err(text) = panic_of(|| vt(handed_on("`collect`", 90, handed))) {
        panic!("{text}");
    }
}

/// The queue has room for so many readings.
const ROOM: usize = 8;

/// What a meter has to say: after how long each reading comes, and which one; then it is silent, or panics.
#[derive(Clone)]
struct Plan {
    readings: VecDeque<(Duration, u64)>,
    panics: bool,
}

impl Plan {
    fn silent() -> Self {
        Self { readings: VecDeque::new(), panics: false }
    }

    /// So many readings, without any pause.
    fn hot(count: usize) -> Self {
        Self::readings(vec![Duration::ZERO; count])
    }

    fn readings(pauses: impl IntoIterator<Item = Duration>) -> Self {
        let base = pick(1_000..=u64::MAX / 2);
        Self { readings: pauses.into_iter().zip(base..).collect(), panics: false }
    }
}

/// The meters and the ledger of one call, and what was seen of them.
#[derive(Clone)]
struct Plant {
    shutdown: Duration,
    /// How long the first reading takes to be written, each other one, and a flush.
    first: Duration,
    each: Duration,
    flush: Duration,
    state: Arc<Mutex<State>>,
    start: Arc<OnceLock<Instant>>,
    timeline: Timeline,
    home: ThreadId,
}

#[derive(Default)]
struct State {
    plans: Vec<Plan>,
    taken: Vec<Taken>,
    written: Vec<Written>,
    /// When each flush began, and when it was done.
    flushes: Vec<(Duration, Option<Duration>)>,
    /// The most readings that had been taken and not begun to be written.
    most: usize,
    returned: Option<Duration>,
    /// Meters and ledgers that exist.
    alive: usize,
    /// How many existed when `collect` had returned.
    left: usize,
    /// Whether the ledger exists, and whether it did when `collect` had returned.
    ledger: bool,
    ledger_left: bool,
    strangers: usize,
}

struct Taken {
    meter: usize,
    value: u64,
    at: Duration,
}

struct Written {
    value: u64,
    began: Duration,
    done: Option<Duration>,
}

impl Plant {
    fn new(shutdown: Duration) -> Self {
        let (state, start, timeline) = (Arc::default(), Arc::default(), Timeline::new());
        timeline.lane("collect");
        Self {
            shutdown,
            first: Duration::ZERO,
            each: Duration::ZERO,
            flush: Duration::ZERO,
            state,
            start,
            timeline,
            home: thread::current().id(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.start.get_or_init(Instant::now).elapsed()
    }

    async fn call(&self, plans: Vec<Plan>) -> Result<(), String> {
        self.now();
        let readings: usize = plans.iter().map(|plan| plan.readings.len()).sum();
        // More than `collect` needs if it writes the readings itself.
        let polls = 50 + 4 * (readings + plans.len());
        {
            let mut state = self.state();
            state.alive = plans.len() + 1;
            state.ledger = true;
            state.plans.clone_from(&plans);
        }
        let lane =
            |number| if number < 5 { format!("meter {}", number + 1) } else { "more meters".to_owned() };
        let meters = plans.into_iter().enumerate().map(|(number, plan)| House {
            lane: self.timeline.lane(lane(number)),
            plant: self.clone(),
            number,
            plan,
            due: None,
        });
        let meters = meters.collect();
        let table = Table { plant: self.clone(), lane: self.timeline.lane("ledger") };
        let shutdown = async {
            sleep(self.shutdown).await;
            self.timeline.lane("collect").mark("shutdown");
        };
        let call = self.timeline.lane("collect").watch(collect(meters, table, shutdown));
        let Timed { .. } = timed("`collect`", polls, call).await?;
        let now = self.now();
        let mut state = self.state();
        (state.returned, state.left, state.ledger_left) = (Some(now), state.alive, state.ledger);
        Ok(())
    }

    fn run(&self, plans: impl IntoIterator<Item = Plan>) {
        self.run_beside(plans, async {});
    }

    fn run_beside(&self, plans: impl IntoIterator<Item = Plan>, beside: impl Future<Output = ()>) {
        let plans: Vec<_> = plans.into_iter().collect();
        stage(format!("`collect` has been called, with {}", counted(plans.len(), "meter")));
        let broken = plans.iter().any(|plan| plan.panics);
        let ran = panic_of(|| vt(to_its_end(200_000, async { tokio::join!(self.call(plans), beside).0 })).0);
        self.check_threads();
        let text = match ran {
            Ok(Ok(Ok(()))) => return,
            Ok(Ok(Err(text))) | Err(text) => text,
            Ok(Err(Unrest::Asleep)) => "`collect` had not returned".to_owned(),
            Ok(Err(unrest)) => {
                rest(Err(unrest));
                unreachable!("said why")
            }
        };
        if broken && (text.contains(BROKEN) || text.contains("JoinError::Panic")) {
            panic!(
                "A meter panicked, and `collect` panicked with it. Such a meter is out of service, and the others go on."
            );
        }
        if !text.contains("had not returned") {
            panic!("{text}");
        }
        self.check_never();
    }

    fn check_threads(&self) {
        assert!(
            self.state().strangers == 0,
            "A meter was read, or the ledger written, on another thread than the runtime's. The runtime is there: spawn tasks on it."
        );
    }

    /// Says why `collect` has not returned.
    fn check_never(&self) -> ! {
        let state = self.state();
        let (taken, written) = (state.taken.len(), state.written.len());
        let at = in_words(self.shutdown);
        assert!(
            written >= taken,
            "The shutdown came after {at}, and 700 days later `collect` had not returned: {}, and {written} of them written. Somebody waits \
             for somebody who does not go on: a meter that waits for room in the queue needs a writer that makes room.",
            counted_were(taken)
        );
        assert!(
            !state.flushes.is_empty(),
            "The shutdown came after {at}, all readings that had been taken ({taken}) were written, and 700 days later the ledger had not \
             been flushed. The writer waits for more readings: `recv` returns `None` only when no sender is left."
        );
        panic!(
            "The shutdown came after {at}, all readings that had been taken ({taken}) were written, and the ledger was flushed. `collect` had \
             not returned 700 days later. It returns when nothing that it has started is left."
        );
    }

    /// No reading was taken after the shutdown.
    fn check_taken(&self) {
        let state = self.state();
        if let Some(taken) = state.taken.iter().find(|taken| taken.at > self.shutdown + GRAIN) {
            panic!(
                "Meter {} was read after the shutdown, {} later. From the shutdown on, no meter is read any more, also if it has a reading at \
                 that moment.",
                taken.meter + 1,
                in_words(taken.at - self.shutdown)
            );
        }
    }

    /// Each reading was taken and written as soon as it was there, in a test in which that is possible.
    fn check_in_time(&self) {
        let state = self.state();
        let slack = self.each * 4 + GRAIN;
        for (meter, plan) in state.plans.iter().enumerate() {
            let mut due = Duration::ZERO;
            for (pause, value) in &plan.readings {
                due += *pause;
                if due + slack >= self.shutdown {
                    break;
                }
                let told = format!("Meter {} had a reading after {}", meter + 1, in_words(due));
                let taken = state.taken.iter().find(|taken| taken.value == *value);
                assert!(
                    taken.is_some_and(|taken| taken.at <= due + slack),
                    "{told}, the queue had room, and it was {}. A meter that is silent holds up no other one.",
                    taken.map_or("never read".to_owned(), |taken| format!(
                        "read {} later",
                        in_words(taken.at - due)
                    ))
                );
                let began =
                    state.written.iter().find(|written| written.value == *value).map(|written| written.began);
                assert!(
                    began.is_none_or(|began| began <= due + slack),
                    "{told}, the ledger had nothing else to do, and the reading was written {} later. The writer writes what is there.",
                    in_words(began.unwrap_or_default().saturating_sub(due))
                );
            }
        }
    }

    /// Checks what was written, and in which order everything ended.
    fn check(&self) {
        let state = self.state();
        let returned = state.returned.expect("`collect` has returned");
        assert!(
            returned + GRAIN >= self.shutdown,
            "`collect` returned after {}, and the shutdown came after {}. It goes on until then.",
            in_words(returned),
            in_words(self.shutdown)
        );
        assert!(
            !state.ledger_left,
            "`collect` returned after {}, and the ledger was still in use: {} of {} readings had been written. It returns when the ledger has \
             been flushed.",
            in_words(returned),
            state.written.iter().filter(|written| written.done.is_some()).count(),
            state.taken.len()
        );
        state.check_written(self.shutdown);
        state.check_order();
        drop(state);
        self.check_read();
        self.check_flush();
        self.check_taken();
        let state = self.state();
        let end = state.flushes[0].1.unwrap_or_default().max(self.shutdown);
        assert!(
            returned <= end + GRAIN,
            "`collect` returned {} after the flush. It returns when that is done; nobody waits for a meter that is silent.",
            in_words(returned - end)
        );
        assert!(
            state.left == 0,
            "`collect` returned, and {} of {} and the ledger had not been dropped. When it returns, nothing that it has started is left.",
            state.left,
            counted(state.plans.len(), "meter")
        );
    }

    fn check_flush(&self) {
        let state = self.state();
        let returned = state.returned.unwrap_or_default();
        let last = state.written.iter().filter_map(|written| written.done).max();
        let Some((began, done)) = state.flushes.first().copied() else {
            panic!(
                "`collect` returned, {} written, and the ledger was not flushed. It is flushed once, after the last reading.",
                counted_were_plain(state.written.len())
            );
        };
        assert!(
            state.flushes.len() == 1,
            "The ledger was flushed {} times. It is flushed once, after the last reading.",
            state.flushes.len()
        );
        let after = state
            .written
            .iter()
            .filter(|written| written.began > began || written.done.is_none_or(|done| done > began))
            .count();
        assert!(
            after == 0,
            "The ledger was flushed, and {after} of {} readings were written after that. The flush is the last thing that happens to the \
             ledger.",
            state.written.len()
        );
        assert!(
            done.is_some_and(|done| done <= returned),
            "`collect` returned after {}, and the flush, which takes {}, was not done. Wait for it.",
            in_words(returned),
            in_words(self.flush)
        );
        let due = last.unwrap_or_default().max(self.shutdown);
        assert!(
            began <= due + GRAIN,
            "The shutdown had come, the last reading was written, and the ledger was flushed {} later. Nobody waits for a meter that has no \
             reading.",
            in_words(began - due)
        );
    }

    /// The meters were read at all.
    fn check_read(&self) {
        let state = self.state();
        let there = |plan: &Plan| plan.readings.iter().take_while(|(pause, _)| pause.is_zero()).count();
        let there: usize = if self.shutdown.is_zero() { 0 } else { state.plans.iter().map(there).sum() };
        assert!(
            state.taken.len() >= there.min(ROOM),
            "The meters had {there} readings at once, and {} before the shutdown, which came after {}. Each meter is read as long as there \
             is room in the queue.",
            counted_were(state.taken.len()),
            in_words(self.shutdown)
        );
    }
}

impl State {
    /// Each reading that was taken is written exactly once, and no other.
    fn check_written(&self, shutdown: Duration) {
        let mut counts: HashMap<u64, (usize, usize)> = HashMap::new();
        for taken in &self.taken {
            counts.entry(taken.value).or_default().0 += 1;
        }
        for written in &self.written {
            counts.entry(written.value).or_default().1 += 1;
        }
        let cut = self.written.iter().filter(|written| written.done.is_none()).count();
        assert!(
            cut == 0,
            "A reading was being written, and that was dropped half-way. What was taken is written, as long as it takes."
        );
        let missing = |value| counts.get(&value).is_some_and(|(taken, written)| written < taken);
        let begun =
            |value| self.written.iter().any(|written| written.value == value && written.began < shutdown);
        let early = self.taken.iter().enumerate().find(|(place, lost)| {
            missing(lost.value)
                && self.taken[place + 1..].iter().any(|later| later.meter == lost.meter && begun(later.value))
        });
        if let Some((_, lost)) = early {
            panic!(
                "Meter {} gave the reading {} after {}, and it was not written as often as it was taken. Readings that came later were \
                 written before the shutdown, so this one was lost on its way. Each reading that was taken is written, exactly once.",
                lost.meter + 1,
                lost.value,
                in_words(lost.at)
            );
        }
        assert!(
            self.most <= ROOM + self.plans.len() + 1,
            "{} readings had been taken and were waiting to be written, with {}. The queue has room for {ROOM}, and each meter has one in \
             hand. When the queue is full, the meters wait.",
            self.most,
            counted(self.plans.len(), "meter")
        );
        let lost: usize = counts.values().map(|(taken, written)| taken.saturating_sub(*written)).sum();
        assert!(
            lost == 0,
            "{lost} of {} readings that were taken have not been written. A meter has forgotten what it gave: also what is in the queue or in \
             hand at the shutdown (after {}) has to be written.",
            self.taken.len(),
            in_words(shutdown)
        );
        if let Some((value, (taken, written))) = counts.iter().find(|(_, (taken, written))| written > taken) {
            panic!(
                "The reading {value} was taken {taken} times, and written {written} times. Each one is written exactly once."
            );
        }
    }

    /// The readings of each meter are written in their order. (Equal ones cannot be told apart.)
    fn check_order(&self) {
        let place: HashMap<u64, usize> =
            self.written.iter().enumerate().map(|(place, written)| (written.value, place)).collect();
        if place.len() < self.written.len() {
            return;
        }
        for meter in 0..self.plans.len() {
            let places: Vec<_> = self
                .taken
                .iter()
                .filter(|taken| taken.meter == meter)
                .map(|taken| place[&taken.value])
                .collect();
            assert!(
                places.is_sorted(),
                "The readings of meter {} were written in another order than they were taken. One writer writes them, one after another.",
                meter + 1
            );
        }
    }
}

fn counted_were(count: usize) -> String {
    if count == 1 {
        "1 reading had been taken".to_owned()
    } else {
        format!("{count} readings had been taken")
    }
}

fn counted_were_plain(count: usize) -> String {
    if count == 1 { "1 reading was".to_owned() } else { format!("{count} readings were") }
}

fn rest(rest: Result<(), Unrest>) {
    match rest {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "Nothing happened, and within {} your code kept waking up by the clock to look. `recv`, `send` and the end of a task wake the \
             task that waits for them.",
            in_words(time)
        ),
        Err(_) => panic!(
            "Nothing happened, and your code never came to rest: it asks again and again. `recv`, `send` and the end of a task wake the task \
             that waits for them."
        ),
    }
}

/// What a meter says that panics.
const BROKEN: &str = "the meter is broken";

/// A meter.
struct House {
    plant: Plant,
    number: usize,
    plan: Plan,
    /// When the next reading is there. A call that is dropped does not change it.
    due: Option<Instant>,
    lane: Lane,
}

impl Meter for House {
    async fn read(&mut self) -> u64 {
        if thread::current().id() != self.plant.home {
            self.plant.state().strangers += 1;
            return std::future::pending().await;
        }
        let Some((pause, value)) = self.plan.readings.front().copied() else {
            if self.plan.panics {
                self.lane.mark("panics");
                resume_unwind(Box::new(BROKEN));
            }
            return self.lane.watch(std::future::pending()).await;
        };
        if !pause.is_zero() {
            let due = *self.due.get_or_insert_with(|| Instant::now() + pause);
            self.lane.watch(sleep_until(due)).await;
        }
        self.due = None;
        self.plan.readings.pop_front();
        let at = self.plant.now();
        let mut state = self.plant.state();
        state.taken.push(Taken { meter: self.number, value, at });
        state.most = state.most.max(state.taken.len().saturating_sub(state.written.len()));
        value
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.plant.state().alive -= 1;
    }
}

struct Table {
    plant: Plant,
    lane: Lane,
}

impl Ledger for Table {
    async fn write(&mut self, reading: u64) {
        if thread::current().id() != self.plant.home {
            self.plant.state().strangers += 1;
            return;
        }
        let now = self.plant.now();
        let (place, takes) = {
            let mut state = self.plant.state();
            state.written.push(Written { value: reading, began: now, done: None });
            let place = state.written.len() - 1;
            (place, if place == 0 { self.plant.first } else { self.plant.each })
        };
        if !takes.is_zero() {
            self.lane.watch(sleep(takes)).await;
        }
        let now = self.plant.now();
        self.plant.state().written[place].done = Some(now);
    }

    async fn flush(&mut self) {
        if thread::current().id() != self.plant.home {
            self.plant.state().strangers += 1;
            return;
        }
        self.lane.mark("flush");
        let now = self.plant.now();
        let place = {
            let mut state = self.plant.state();
            state.flushes.push((now, None));
            state.flushes.len() - 1
        };
        if !self.plant.flush.is_zero() {
            self.lane.watch(sleep(self.plant.flush)).await;
        }
        let now = self.plant.now();
        self.plant.state().flushes[place].1 = Some(now);
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let mut state = self.plant.state();
        state.alive -= 1;
        state.ledger = false;
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// So many minutes, and a bit, as no guess would have it.
fn minutes(minutes: u64) -> Duration {
    ms(60_000 * minutes + 1_000 * pick(1..=30) + pick(100..=900))
}

/// So many hours, and a bit.
fn hours(hours: u64) -> Duration {
    ms(3_600_000 * hours + 1_000 * pick(1..=900) + pick(100..=900))
}

fn days(days: u64) -> Duration {
    hours(24 * days)
}
