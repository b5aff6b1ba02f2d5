//! Hidden tests of `tell_everyone`: which sessions say goodbye, when, and what they do before.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Dashboard, Viewer};
use testkit::{
    Lane, Timeline, Unrest, check_eq, counted, in_words, panic_of, pick, silence, stage, to_its_end, vt,
};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// At the shutdown, each session drops what it is doing and says goodbye.
#[test]
fn a_session_ends_whatever_it_does() {
    for shutdown in [minutes(3), ms(pick(300..=900)), Duration::ZERO] {
        let hall = Hall::new();
        hall.carry_out(async {
            let dashboard = Dashboard::open();
            hall.admit(&dashboard, Plan { login: hours(40), ..Plan::default() });
            hall.admit(&dashboard, Plan::requests([(ms(30), 1, ms(20)), (ms(20), 2, hours(50))]));
            hall.admit(&dashboard, Plan::requests([(ms(20), 1, ms(40)), (hours(60), 2, ms(10))]));
            hall.admit(&dashboard, Plan::default());
            if !shutdown.is_zero() {
                sleep(shutdown).await;
            }
            hall.shut_down(&dashboard);
            sleep(days(40)).await;
        });
        hall.check();
    }
}

/// A viewer who is admitted after the shutdown gets the goodbye right away, also if no session was there before.
#[test]
fn a_viewer_who_comes_later_is_told() {
    for before in [2, 0] {
        let hall = Hall::new();
        hall.carry_out(async {
            let dashboard = Dashboard::open();
            for _ in 0..before {
                hall.admit(&dashboard, Plan::requests([(ms(10), 1, ms(10))]));
            }
            sleep(minutes(1)).await;
            hall.shut_down(&dashboard);
            hall.admit(&dashboard, Plan::requests([(ms(10), 1, ms(10))]));
            for later in [ms(3), days(2)] {
                sleep(later).await;
                hall.admit(&dashboard, Plan { login: hours(1), ..Plan::requests([(ms(10), 7, hours(2))]) });
            }
            sleep(days(40)).await;
        });
        hall.check();
    }
}

/// Viewers who always have another request hear the shutdown, too.
#[test]
fn requests_without_a_pause() {
    let hall = Hall::new();
    hall.carry_out(async {
        let dashboard = Dashboard::open();
        for _ in 0..3 {
            let requests = (0..HOT).map(|request| (Duration::ZERO, request, Duration::ZERO));
            hall.admit(&dashboard, Plan { login: Duration::ZERO, ..Plan::requests(requests) });
        }
        hall.turns(HOT).await;
        hall.shut_down(&dashboard);
        hall.turns(HOT).await;
        sleep(hours(1)).await;
    });
    for (number, seen) in (1..).zip(&hall.state().viewers) {
        assert!(
            seen.after < 100,
            "Viewer {number} always had another request. After the shutdown, its session took {} more of them. It has to hear the \
             shutdown, also when there is always a request: look for the shutdown first.",
            seen.after
        );
    }
    hall.check();
}

/// A viewer who has left before the shutdown gets no goodbye.
#[test]
fn a_viewer_who_has_left_gets_no_goodbye() {
    let hall = Hall::new();
    hall.carry_out(async {
        let dashboard = Dashboard::open();
        hall.admit(&dashboard, Plan { then: Then::Leaves, ..Plan::default() });
        hall.admit(&dashboard, Plan { then: Then::Leaves, ..Plan::requests([(ms(10), 1, minutes(1))]) });
        hall.admit(&dashboard, Plan::default());
        sleep(minutes(3)).await;
        hall.shut_down(&dashboard);
        sleep(days(2)).await;
    });
    hall.check();
}

/// One session that ends or panics does not concern the others, neither before nor after.
#[test]
fn sessions_do_not_concern_each_other() {
    for then in [Then::Leaves, Then::Panics] {
        let hall = Hall::new();
        hall.carry_out(async {
            let dashboard = Dashboard::open();
            hall.admit(&dashboard, Plan::requests([(minutes(2), 5, minutes(1)), (ms(300), 6, ms(5))]));
            hall.admit(&dashboard, Plan { then, ..Plan::requests([(ms(10), 1, ms(10))]) });
            sleep(minutes(1)).await;
            hall.admit(&dashboard, Plan::requests([(minutes(2), 8, ms(30))]));
            sleep(minutes(5)).await;
            hall.check_work();
            hall.shut_down(&dashboard);
            sleep(ms(20)).await;
            hall.admit(&dashboard, Plan::default());
            sleep(days(1)).await;
        });
        hall.check();
    }
}

/// Without a shutdown the sessions go on, also when the `Dashboard` has been dropped; with one, they are told all the same.
#[test]
fn the_dashboard_may_be_dropped() {
    for shut_down in [false, true] {
        let hall = Hall::new();
        hall.carry_out(async {
            let dashboard = Dashboard::open();
            hall.admit(&dashboard, Plan::requests([(hours(5), 1, hours(3))]));
            hall.admit(&dashboard, Plan { login: hours(7), ..Plan::requests([(ms(10), 3, ms(10))]) });
            sleep(minutes(1)).await;
            if shut_down {
                hall.shut_down(&dashboard);
                hall.admit(&dashboard, Plan::default());
            }
            drop(dashboard);
            sleep(days(2)).await;
        });
        hall.check();
    }
}

/// A goodbye may take its time, and delays no other one.
#[test]
fn a_slow_goodbye_delays_nobody() {
    let hall = Hall::new();
    hall.carry_out(async {
        let dashboard = Dashboard::open();
        for goodbye in [hours(30), ms(10), hours(2)] {
            hall.admit(&dashboard, Plan { goodbye, ..Plan::default() });
        }
        sleep(minutes(1)).await;
        hall.shut_down(&dashboard);
        sleep(ms(10)).await;
        hall.admit(&dashboard, Plan { goodbye: days(9), ..Plan::default() });
        // A second call changes nothing.
        hall.shut_down(&dashboard);
        sleep(days(40)).await;
    });
    hall.check();
}

/// Until the shutdown, sessions do their work side by side, as long as it takes, and sleep when there is none.
#[test]
fn nobody_is_told_before() {
    let hall = Hall::new();
    hall.carry_out(async {
        let dashboard = Dashboard::open();
        let all = [
            (hours(30), 0, ms(10)),
            (ms(10), u64::MAX, days(12)),
            (Duration::ZERO, 0, ms(4)),
            (ms(7), 9, ms(1)),
        ];
        hall.admit(&dashboard, Plan::requests(all));
        hall.admit(
            &dashboard,
            Plan { login: days(20), then: Then::Leaves, ..Plan::requests([(ms(10), 1, days(1))]) },
        );
        hall.admit(
            &dashboard,
            Plan { then: Then::Leaves, ..Plan::requests([(days(1), 4, days(11)), (ms(3), 4, ms(3))]) },
        );
        for n in 1..=5 {
            hall.admit(
                &dashboard,
                Plan { login: hours(n), ..Plan::requests([(days(n), n, days(9)), (hours(n), n, ms(9))]) },
            );
        }
        sleep(days(50)).await;
        hall.check_work();
        hall.shut_down(&dashboard);
        sleep(days(1)).await;
    });
    hall.check();
}

/// A session that waits sleeps, whatever it waits for.
#[test]
fn waiting_is_sleeping() {
    let hall = Hall::new();
    rest(hall.carry_out(async {
        let dashboard = Dashboard::open();
        hall.admit(&dashboard, Plan { login: days(90), ..Plan::default() });
        hall.admit(&dashboard, Plan::requests([(ms(10), 1, days(90))]));
        hall.admit(&dashboard, Plan::default());
        sleep(ms(100)).await;
        let before = silence().await;
        hall.shut_down(&dashboard);
        hall.admit(&dashboard, Plan { goodbye: days(90), ..Plan::default() });
        before.and(silence().await)
    }));
}

/// There may be hundreds of sessions. They are all told at the same moment.
#[test]
fn hundreds_of_sessions() {
    let hall = Hall::new();
    hall.carry_out(async {
        let dashboard = Dashboard::open();
        for n in 0..pick(300..=400) {
            let (login, request) = (ms(200 * (n % 3)), (ms(30 + 90 * (n % 5)), n, ms(20 + 70 * (n % 4))));
            hall.admit(&dashboard, Plan { login, ..Plan::requests([request; 20]) });
        }
        sleep(ms(pick(1_000..=1_900))).await;
        hall.shut_down(&dashboard);
        sleep(days(30)).await;
    });
    hall.check();
}

/// Two dashboards know nothing of each other, and neither does one that is opened later.
#[test]
fn dashboards_do_not_concern_each_other() {
    let (one, other) = (Hall::new(), Hall::new());
    one.carry_out(async {
        other.now();
        let (first, second) = (Dashboard::open(), Dashboard::open());
        one.admit(&first, Plan::default());
        other.admit(&second, Plan::requests([(hours(3), 1, hours(1))]));
        sleep(minutes(1)).await;
        one.shut_down(&first);
        other.admit(&second, Plan::default());
        sleep(minutes(1)).await;
        let third = Dashboard::open();
        other.admit(&third, Plan::default());
        sleep(days(1)).await;
        other.end();
    });
    one.check();
    if other.state().viewers.iter().any(|seen| !seen.goodbyes.is_empty()) {
        panic!(
            "Two dashboards were open, and one of them was shut down. A session of the other one said `goodbye`. Each dashboard has a \
             shutdown of its own."
        );
    }
}

/// Requests in a row that make a viewer hot, more than any budget of a task.
const HOT: u64 = 2_000;

/// What a viewer does.
struct Plan {
    login: Duration,
    /// After how long a request comes, which one, and how long its answer takes.
    requests: VecDeque<(Duration, u64, Duration)>,
    then: Then,
    goodbye: Duration,
}

/// What a viewer does after the last request.
#[derive(Clone, Copy)]
enum Then {
    IsSilent,
    Leaves,
    Panics,
}

impl Default for Plan {
    fn default() -> Self {
        Self { login: ms(5), requests: VecDeque::new(), then: Then::IsSilent, goodbye: Duration::ZERO }
    }
}

impl Plan {
    fn requests(requests: impl IntoIterator<Item = (Duration, u64, Duration)>) -> Self {
        Self { requests: requests.into_iter().collect(), ..Self::default() }
    }
}

/// Where the viewers of one dashboard come from, and what was seen of them.
#[derive(Clone)]
struct Hall {
    state: Arc<Mutex<State>>,
    start: Arc<OnceLock<Instant>>,
    timeline: Timeline,
    home: ThreadId,
}

#[derive(Default)]
struct State {
    viewers: Vec<Seen>,
    shutdown: Option<Duration>,
    /// Calls of a viewer's methods on another thread.
    strangers: usize,
    /// When the test had seen enough. What is dropped then, with the runtime, counts for nothing.
    end: Option<Duration>,
}

/// What was seen of one viewer.
struct Seen {
    admitted: Duration,
    /// Requests that are to be answered, if nothing comes in between, and when the last answer is due.
    expected: (Vec<u64>, Duration),
    logged_in: bool,
    /// Whether it was asked for a request without that.
    hasty: bool,
    doing: Doing,
    /// What the session did when the shutdown came; nothing for a viewer who came later.
    interrupted: Option<Doing>,
    answered: Vec<u64>,
    /// When the last answer was given.
    latest: Duration,
    /// Requests that were taken after the shutdown.
    after: u64,
    left: Option<Duration>,
    panicked: Option<Duration>,
    goodbye_takes: Duration,
    goodbyes: Vec<Duration>,
    /// What was called after the goodbye.
    then_called: Option<&'static str>,
    /// When the session had ended.
    over: Option<Duration>,
}

#[derive(Clone, Copy, PartialEq)]
enum Doing {
    Nothing,
    LogsIn,
    Waits,
    Answers,
    SaysGoodbye,
}

impl Hall {
    fn new() -> Self {
        let (state, start, timeline) = (Arc::default(), Arc::default(), Timeline::new());
        Self { state, start, timeline, home: thread::current().id() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The time since the first call.
    fn now(&self) -> Duration {
        self.start.get_or_init(Instant::now).elapsed()
    }

    fn carry_out<T>(&self, scene: impl Future<Output = T>) -> T {
        stage("the dashboard is open, and viewers come");
        let ran = panic_of(|| {
            vt(async {
                self.now();
                let scene = async {
                    let output = scene.await;
                    self.end();
                    output
                };
                to_its_end(100_000, scene).await
            })
            .0
        });
        self.check_threads();
        match ran {
            Ok(Ok(output)) => output,
            Ok(Err(unrest)) => {
                rest(Err(unrest));
                unreachable!("said why")
            }
            Err(text) => panic!("{text}"),
        }
    }

    fn end(&self) {
        let now = self.now();
        self.state().end = Some(now);
    }

    fn admit(&self, dashboard: &Dashboard, plan: Plan) {
        let (now, number) = (self.now(), self.state().viewers.len());
        let due =
            plan.requests.iter().fold(now + plan.login, |due, (pause, _, answer)| due + *pause + *answer);
        self.state().viewers.push(Seen {
            admitted: now,
            expected: (plan.requests.iter().map(|(_, request, _)| *request).collect(), due),
            logged_in: false,
            hasty: false,
            doing: Doing::Nothing,
            interrupted: None,
            answered: Vec::new(),
            latest: Duration::ZERO,
            after: 0,
            left: None,
            panicked: None,
            goodbye_takes: plan.goodbye,
            goodbyes: Vec::new(),
            then_called: None,
            over: None,
        });
        let lane = if number < 7 { format!("viewer {}", number + 1) } else { "more viewers".to_owned() };
        let lane = self.timeline.lane(lane);
        dashboard.admit(Seat { hall: self.clone(), number, plan, lane });
    }

    fn shut_down(&self, dashboard: &Dashboard) {
        let now = self.now();
        {
            let mut state = self.state();
            if state.shutdown.is_none() {
                state.shutdown = Some(now);
                for seen in &mut state.viewers {
                    seen.interrupted = Some(seen.doing);
                }
            }
        }
        self.timeline.lane("shutdown").mark("shut down");
        stage("`shut_down` has been called");
        if let Err(text) = panic_of(|| dashboard.shut_down()) {
            panic!(
                "`shut_down` was called after {}, and it panicked: {text}. It may be called at any time, and more than once.",
                in_words(now)
            );
        }
    }

    /// Lets hot viewers have their turns: until no more requests are taken, or for half of so many.
    async fn turns(&self, most: u64) {
        let taken = || self.state().viewers.iter().map(|seen| seen.answered.len()).sum::<usize>();
        let start = taken();
        let mut quiet = 0;
        while quiet < 300 && taken() - start < most as usize {
            let before = taken();
            yield_now().await;
            quiet = if taken() == before { quiet + 1 } else { 0 };
        }
    }

    fn check_threads(&self) {
        assert!(
            self.state().strangers == 0,
            "A session ran on another thread than the runtime's. The runtime is there: spawn a task for each session."
        );
    }

    /// Every request was answered, in order, and in time.
    fn check_work(&self) {
        let state = self.state();
        for (number, seen) in (1..).zip(&state.viewers) {
            let (requests, due) = &seen.expected;
            if let Some(goodbye) = seen.goodbyes.first() {
                let other =
                    state.viewers.iter().any(|other| [other.left, other.panicked].contains(&Some(*goodbye)));
                panic!(
                    "Viewer {number} got a `goodbye` after {}, and nobody had called `shut_down` yet.{} Until then, a session goes on.",
                    in_words(*goodbye),
                    if other {
                        " At that moment, the session of another viewer ended, which does not concern this one."
                    } else {
                        ""
                    }
                );
            }
            check_eq!(
                &seen.answered,
                requests,
                "Nobody had called `shut_down`, and viewer {number} had not had an answer to each request, in order. A session goes on \
                 as long as the viewer is there."
            );
            assert!(
                seen.latest <= *due + GRAIN,
                "Viewer {number} had the last answer {} later than that session alone would have given it. Sessions run side by side.",
                in_words(seen.latest - *due)
            );
        }
    }

    /// Everybody got the goodbye that was due, and in time.
    fn check(&self) {
        self.check_threads();
        let state = self.state();
        for (number, seen) in (1..).zip(&state.viewers) {
            state.check(&format!("Viewer {number}"), seen);
        }
    }
}

impl State {
    fn check(&self, who: &str, seen: &Seen) {
        assert!(
            !seen.hasty,
            "The session of {} waited for a request, and had not logged the viewer in. The login comes first, and takes as long as it takes.",
            who.to_lowercase()
        );
        if seen.panicked.is_some() {
            return;
        }
        let gone = seen.left.filter(|left| self.shutdown.is_none_or(|at| *left < at));
        if let Some(left) = gone {
            if let Some(goodbye) = seen.goodbyes.first() {
                panic!(
                    "{who} left after {}, and the session called `goodbye` after {}. A viewer who has left gets none.",
                    in_words(left),
                    in_words(*goodbye)
                );
            }
            let over = seen.over.map_or_else(
                || "did not end".to_owned(),
                |over| format!("ended {} later", in_words(over - left)),
            );
            assert!(
                seen.over.is_some_and(|over| over <= left + GRAIN),
                "{who} left after {}, and the session {over}. It ends when `next` returns `None`.",
                in_words(left)
            );
            return;
        }
        let goodbye = seen.goodbyes.first();
        let Some(shutdown) = self.shutdown else {
            let Some(goodbye) = goodbye else { return };
            panic!(
                "{who} got a `goodbye` after {}, and nobody had called `shut_down`. Only that is the signal to stop.",
                in_words(*goodbye)
            );
        };
        let due = shutdown.max(seen.admitted);
        let (told, mut rule) = self.situation(who, seen, shutdown);
        let there = || self.viewers.iter().filter(|seen| seen.interrupted.is_some());
        if seen.interrupted.is_some()
            && there().count() > 2
            && there().filter(|seen| !seen.goodbyes.is_empty()).count() == 1
        {
            rule = "Only one of all the sessions was told. The shutdown is for every session.";
        }
        match goodbye {
            None => {
                panic!("{told}, and got no `goodbye`, not even {} later. {rule}", in_words(self.rest_of(due)))
            }
            Some(at) if *at < due => panic!(
                "{who} got a `goodbye` after {}, and `shut_down` was called after {}. Until then, the session goes on.",
                in_words(*at),
                in_words(shutdown)
            ),
            Some(at) if *at > due + GRAIN => {
                panic!("{told}, and got the `goodbye` {} later. {rule}", in_words(*at - due));
            }
            Some(_) => {}
        }
        assert!(
            seen.goodbyes.len() == 1,
            "{told}, and got {}. One is enough.",
            counted(seen.goodbyes.len(), "goodbye")
        );
        if let Some(called) = seen.then_called {
            panic!(
                "{told}, and after the `goodbye` the session called `{called}`. The `goodbye` is the last thing that it does."
            );
        }
        let due = due + seen.goodbye_takes;
        assert!(
            seen.over.is_some_and(|over| over + GRAIN >= due),
            "{who} was told at the shutdown, and the `goodbye`, which takes {}, was dropped half-way. It takes as long as it takes.",
            in_words(seen.goodbye_takes)
        );
        assert!(
            seen.over.is_some_and(|over| over <= due + GRAIN),
            "{who} got the `goodbye`, and the session still had the connection {} later. `shut_down` ends all sessions.",
            in_words(seen.over.unwrap_or_default() - due)
        );
    }

    /// How long the test looked on after `due`.
    fn rest_of(&self, due: Duration) -> Duration {
        self.end.unwrap_or(due).saturating_sub(due)
    }

    /// What the session did when it should have said goodbye, and the rule for that.
    fn situation(&self, who: &str, seen: &Seen, shutdown: Duration) -> (String, &'static str) {
        let Some(doing) = seen.interrupted else {
            let later = seen.admitted - shutdown;
            let when = if later.is_zero() { "right".to_owned() } else { in_words(later) };
            let nobody = if self.viewers.iter().any(|seen| seen.interrupted.is_some()) {
                ""
            } else {
                ", at which there was no session yet"
            };
            return (
                format!("{who} was admitted {when} after the shutdown{nobody}"),
                "The shutdown is a state that lasts: a session that starts later has to see it, too.",
            );
        };
        let (what, rule) = match doing {
            Doing::Nothing => (
                "had just been admitted",
                "The shutdown is a state that lasts: a session that has not begun to listen has to see it, too.",
            ),
            Doing::LogsIn => (
                "was logging in",
                "A session drops what it is doing. It has to listen for the shutdown during the login, too.",
            ),
            Doing::Waits => (
                "had no request",
                "A session that waits for a request says goodbye at once, and waits for no other session.",
            ),
            Doing::Answers => (
                "was waiting for an answer",
                "A session drops what it is doing. It has to listen for the shutdown during an answer, too.",
            ),
            Doing::SaysGoodbye => ("was told too early", ""),
        };
        (format!("{who} {what} when the shutdown came"), rule)
    }
}

fn rest(rest: Result<(), Unrest>) {
    match rest {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "Nothing happened. Within {}, your code kept waking up by the clock to look for a shutdown. Await something that wakes the \
             session when the shutdown comes.",
            in_words(time)
        ),
        Err(_) => panic!(
            "Nothing happened, and your code never came to rest: it asks again and again whether there is a shutdown. Await something that \
             wakes the session when the shutdown comes."
        ),
    }
}

/// A viewer's connection.
struct Seat {
    hall: Hall,
    number: usize,
    plan: Plan,
    lane: Lane,
}

impl Seat {
    /// Notes what the session does from now on. False on another thread, where nothing is to be noted.
    fn begins(&self, doing: Doing, called: &'static str) -> bool {
        if thread::current().id() != self.hall.home {
            self.hall.state().strangers += 1;
            return false;
        }
        let now = self.hall.now();
        let mut state = self.hall.state();
        let after = u64::from(state.shutdown.is_some());
        let seen = &mut state.viewers[self.number];
        seen.doing = doing;
        if !seen.goodbyes.is_empty() && doing != Doing::SaysGoodbye {
            seen.then_called = Some(called);
        }
        match doing {
            Doing::SaysGoodbye => seen.goodbyes.push(now),
            Doing::Answers => seen.after += after,
            Doing::Waits => seen.hasty |= !seen.logged_in,
            _ => {}
        }
        true
    }

    async fn pause(&self, time: Duration) {
        if !time.is_zero() {
            self.lane.watch(sleep(time)).await;
        }
    }
}

impl Viewer for Seat {
    async fn login(&mut self) {
        if self.begins(Doing::LogsIn, "login") {
            self.pause(self.plan.login).await;
            self.hall.state().viewers[self.number].logged_in = true;
        }
    }

    async fn next(&mut self) -> Option<u64> {
        if !self.begins(Doing::Waits, "next") {
            return None;
        }
        if let Some((pause, request, _)) = self.plan.requests.front().copied() {
            self.pause(pause).await;
            return Some(request);
        }
        match self.plan.then {
            Then::IsSilent => self.lane.watch(std::future::pending()).await,
            Then::Leaves => {
                self.lane.mark("leaves");
                let now = self.hall.now();
                self.hall.state().viewers[self.number].left = Some(now);
                None
            }
            Then::Panics => {
                self.lane.mark("panics");
                let now = self.hall.now();
                self.hall.state().viewers[self.number].panicked = Some(now);
                resume_unwind(Box::new("a broken connection"))
            }
        }
    }

    async fn answer(&mut self, request: u64) {
        if !self.begins(Doing::Answers, "answer") {
            return;
        }
        let takes = self.plan.requests.pop_front().map_or(Duration::ZERO, |(_, _, takes)| takes);
        if takes.is_zero() {
            yield_now().await;
        }
        self.pause(takes).await;
        let now = self.hall.now();
        let mut state = self.hall.state();
        let seen = &mut state.viewers[self.number];
        seen.answered.push(request);
        seen.latest = now;
    }

    async fn goodbye(&mut self) {
        self.lane.mark("goodbye");
        if self.begins(Doing::SaysGoodbye, "goodbye") {
            self.pause(self.plan.goodbye).await;
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if thread::current().id() == self.hall.home {
            let now = self.hall.now();
            let mut state = self.hall.state();
            if state.end.is_none() {
                state.viewers[self.number].over = Some(now);
            }
        }
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
