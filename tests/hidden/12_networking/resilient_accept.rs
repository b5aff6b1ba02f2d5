//! Hidden tests of `resilient_accept`: what `serve` does after each outcome of `accept`, and when.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Acceptor, serve};
use testkit::{
    Gate, Lane, Log, Timeline, Unrest, check_eq, counted, in_words, pick, settle, silence, stage, to_its_end,
    vt,
};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, sleep_until};

/// After a client that left, the next one is accepted at once. One left, or two, or hundreds in a row.
#[test]
fn a_client_that_left_is_no_reason_to_stop() {
    for (kind, name) in LEFT {
        for count in [1, 2, number(200..=400)] {
            stage(format!("{} left before they were accepted: {name}", counted(count, "client")));
            let mut steps = vec![client(Work::Long)];
            steps.extend((0..count).map(|_| Step::left(kind, 0)));
            steps.push(client(Work::Long));
            steps.push(Step::left(kind, pick(1..=20_000)));
            steps.push(client(Work::Long));
            Night::new(steps).pass();
        }
    }
}

/// After any other error `serve` pauses, for 1 s, and each time twice as long.
#[test]
fn other_errors_mean_a_pause_that_grows() {
    for (kind, name) in OTHERS {
        stage(format!("`accept` fails three times with {name}"));
        let mut steps = vec![client(Work::Long)];
        steps.extend((0..3).map(|_| Step::error(kind())));
        steps.push(client(Work::Long));
        Night::new(steps).pass();
    }
    stage("`accept` fails as often as it may");
    let mut steps: Vec<_> = (0..7).map(|n| Step::error(OTHERS[n % OTHERS.len()].0())).collect();
    steps.push(client(Work::Long));
    Night::new(steps).pass();
}

/// A connection ends the trouble: the next pause is 1 s again.
#[test]
fn a_connection_makes_the_next_pause_short() {
    for errors in [1, 2, number(3..=6), 7] {
        stage(format!("{}, a connection, and more of both", counted(errors, "error")));
        let mut steps = Vec::new();
        for _ in 0..3 {
            steps.extend((0..errors).map(|n| Step::error(OTHERS[n % OTHERS.len()].0())));
            steps.push(client(Work::Long));
        }
        Night::new(steps).pass();
    }
}

/// A client that left neither ends the trouble nor adds to it.
#[test]
fn a_client_that_left_changes_no_pause() {
    for (kind, name) in LEFT {
        stage(format!("errors, and in between clients that left: {name}"));
        let mut steps = vec![Step::left(kind, 0)];
        for n in 0..7 {
            steps.push(Step::error(OTHERS[n % OTHERS.len()].0()));
            steps.extend((0..n % 3).map(|_| Step::left(kind, 0)));
        }
        steps.push(Step::left(kind, 0));
        steps.push(client(Work::Long));
        steps.push(Step::left(kind, 0));
        steps.push(Step::error(OTHERS[0].0()));
        steps.push(client(Work::Long));
        Night::new(steps).pass();
    }
}

/// Two services pause on their own.
#[test]
fn each_service_has_its_own_pauses() {
    let errors =
        |count: usize| (0..count).map(|n| Step::error(OTHERS[n % OTHERS.len()].0())).collect::<Vec<_>>();
    let steps = |count: usize| {
        let mut steps = errors(count);
        steps.push(client(Work::Long));
        steps
    };
    stage("one service");
    Night::new(steps(3)).pass();
    stage("a second service, while the first one is in trouble");
    let (one, other) = (Night::new(errors(5)), Night::new(steps(2)));
    let watched = vt(to_its_end(POLLS, async {
        let mut first = one.clone().open();
        one.watch(&mut first).await;
        let mut second = other.clone().open();
        (other.watch(&mut second).await, other.state.lock().unwrap().fault.take())
    }))
    .0;
    rest(watched.as_ref().map(|_| ()).map_err(|unrest| *unrest));
    let (ended, fault) = watched.unwrap_or_else(|_| unreachable!("checked"));
    let told = "Another service had just been in trouble, which is not this one's.";
    if let Some(fault) = fault {
        panic!("{told} {fault}");
    }
    if let Some(ended) = ended {
        panic!("{told} {}", other.over_too_early(&ended));
    }
    one.check();
    other.check();
}

/// An error that comes after the pause of 64 s is returned, at once and as it is.
#[test]
fn the_error_after_the_longest_pause_is_returned() {
    for (before, left) in [(0, 0), (1, 0), (0, 2), (3, 1)] {
        stage("`accept` fails, and never recovers");
        let mut steps: Vec<_> = (0..before).map(|_| client(Work::Long)).collect();
        steps.extend((0..7).map(|n| Step::error(OTHERS[n % OTHERS.len()].0())));
        steps.extend((0..left).map(|_| Step::left(ErrorKind::ConnectionReset, 0)));
        let (kind, text) = (
            [ErrorKind::Other, ErrorKind::PermissionDenied][number(0..=1)],
            format!("the last of all errors, {}", pick(1_000..=9_999)),
        );
        steps.push(Step::error(io::Error::new(kind, text.clone())));
        let (ended, late) = Night::new(steps).last_pass();
        let told = format!("After the pause of 64 s, `accept` failed once more, with {text:?}");
        match ended {
            Ended::Error(error) if error.kind() == kind && error.to_string() == text => {}
            Ended::Error(error) => {
                panic!(
                    "{told}, and `serve` returned another error, {error:?}. It returns the one that came last."
                )
            }
            other => panic!("{told}, and {}. It returns that error.", other.how()),
        }
        assert!(
            late <= GRAIN,
            "{told}, and `serve` returned that error {} later. There is nothing more to wait for.",
            in_words(late)
        );
    }
}

/// Connections that are open are served all the time, whatever `accept` does.
#[test]
fn open_connections_go_on() {
    stage("`serve` pauses, and open connections have something to do");
    let mut steps: Vec<_> = (0..3).map(|_| client(Work::Ticks)).collect();
    steps.push(Step::left(ErrorKind::ConnectionAborted, 0));
    steps.extend((0..7).map(|n| Step::error(OTHERS[n % OTHERS.len()].0())));
    steps.push(client(Work::Ticks));
    let night = Night::new(steps);
    night.clone().pass();
    night.check_work(4);

    stage("`handle` panics for some connections");
    for panics in [1, number(5..=20)] {
        let mut steps: Vec<_> = (0..panics).map(|_| client(Work::Panic)).collect();
        steps.insert(0, client(Work::Ticks));
        steps.extend([
            Step::error(OTHERS[0].0()),
            Step::error(OTHERS[1].0()),
            client(Work::Panic),
            client(Work::Ticks),
        ]);
        let night = Night::new(steps);
        night.clone().pass();
        night.check_work(2);
    }
}

/// While no client comes, nothing runs, and `serve` waits as long as it takes.
#[test]
fn waiting_costs_nothing() {
    stage("no client comes for a month");
    for steps in [
        vec![],
        vec![client(Work::Long), Step::left(ErrorKind::ConnectionReset, 5), Step::error(OTHERS[0].0())],
    ] {
        let night = Night::new(steps);
        let (rest, ended) = vt(async {
            let mut serving = night.clone().open();
            sleep(Duration::from_secs(60)).await;
            settle().await;
            let rest = silence().await;
            (rest, ended(&mut serving).await)
        })
        .0;
        match rest {
            Ok(()) => {}
            Err(Unrest::Naps(time)) => panic!(
                "No client came. Within {}, your code kept waking up by the clock to look. `accept` wakes its task when there is \
                 something to accept.",
                in_words(time)
            ),
            Err(_) => panic!(
                "No client came, and your code never came to rest: it asks again and again. `accept` wakes its task when there is \
                 something to accept."
            ),
        }
        if let Some(ended) = ended {
            panic!(
                "No client came for a month, and {}. `accept` had not failed: it waits as long as it takes.",
                ended.how()
            );
        }
    }
}

/// The errors of a client that is gone.
const LEFT: [(ErrorKind, &str); 2] =
    [(ErrorKind::ConnectionAborted, "ConnectionAborted"), (ErrorKind::ConnectionReset, "ConnectionReset")];

type Trouble = (fn() -> io::Error, &'static str);

const OTHERS: [Trouble; 7] = [
    (|| io::Error::from_raw_os_error(24), "too many open files"),
    (|| io::Error::other("no memory for another socket"), "an error of the kind Other"),
    (|| ErrorKind::OutOfMemory.into(), "OutOfMemory"),
    (|| ErrorKind::PermissionDenied.into(), "PermissionDenied"),
    (|| ErrorKind::TimedOut.into(), "TimedOut"),
    (|| ErrorKind::Interrupted.into(), "Interrupted"),
    (|| ErrorKind::ConnectionRefused.into(), "ConnectionRefused"),
];

const SECOND: Duration = Duration::from_secs(1);

/// Tokio's clock counts milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

/// More than everything in a night takes.
const LATE: Duration = Duration::from_secs(90 * 86_400);

const POLLS: usize = 10_000;

/// Connections with a lane of their own in the drawing.
const LANES: usize = 6;

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    pick(range).try_into().expect("small")
}

/// What a connection has to do.
#[derive(Clone, Copy)]
enum Work {
    /// To wait, for longer than anything else takes.
    Long,
    /// Something every second, for three minutes.
    Ticks,
    Panic,
}

/// What one call of `accept` gives, and after how long.
struct Step {
    after: Duration,
    outcome: Outcome,
}

enum Outcome {
    Client(Work),
    Left(ErrorKind),
    Error(io::Error),
}

fn client(work: Work) -> Step {
    Step { after: Duration::from_millis(pick(0..=900)), outcome: Outcome::Client(work) }
}

impl Step {
    fn left(kind: ErrorKind, after: u64) -> Self {
        Self { after: Duration::from_millis(after), outcome: Outcome::Left(kind) }
    }

    fn error(error: io::Error) -> Self {
        Self { after: Duration::ZERO, outcome: Outcome::Error(error) }
    }
}

/// What came before a call of `accept`.
enum Before {
    Nothing,
    Client,
    Left(ErrorKind),
    /// With its text, and how many such errors there were since the last connection.
    Error(String, usize),
}

/// A script for `accept`, and what came of it. It stops at the first call that comes too early or too late.
#[derive(Clone)]
struct Night {
    steps: Arc<Mutex<Vec<Step>>>,
    state: Arc<Mutex<State>>,
    /// Opened when all steps were taken and `accept` was called once more, or when a call came at another time than it should.
    over: Gate,
    /// When a connection could go on, and by how much it was late.
    late: Log,
    finished: Log,
    dropped: Log,
    strangers: Log,
    home: ThreadId,
    timeline: Timeline,
}

struct State {
    before: Before,
    /// When the last call was done, by Tokio's clock and by the machine's.
    // hermetic: chooses between two messages of a test that fails either way
    since: Option<(Instant, std::time::Instant)>,
    /// When the step that is due is ready.
    ready: Option<Instant>,
    /// Other errors since the last connection.
    errors: usize,
    clients: usize,
    calls: usize,
    fault: Option<String>,
}

impl Night {
    fn new(mut steps: Vec<Step>) -> Self {
        let timeline = Timeline::new();
        timeline.lane("accept");
        // Taken from the end.
        steps.reverse();
        let state = State {
            before: Before::Nothing,
            since: None,
            ready: None,
            errors: 0,
            clients: 0,
            calls: 0,
            fault: None,
        };
        let [late, finished, dropped, strangers] = [(); 4].map(|()| Log::new());
        let (steps, state, home) =
            (Arc::new(Mutex::new(steps)), Arc::new(Mutex::new(state)), thread::current().id());
        Self { steps, state, over: Gate::new(), late, finished, dropped, strangers, home, timeline }
    }

    /// Starts `serve`.
    fn open(self) -> JoinHandle<io::Result<()>> {
        let lane = self.timeline.lane("accept");
        let night = self.clone();
        tokio::spawn(serve(Door { night: self, lane }, move |connection| night.clone().handle(connection)))
    }

    async fn handle(self, connection: Connection) {
        if thread::current().id() != self.home {
            self.strangers.push("one");
            return;
        }
        let mut left = Left { finished: false, dropped: self.dropped.clone(), number: connection.number };
        let lane = match connection.number {
            n if n <= LANES => format!("connection {n}"),
            _ => "more connections".to_owned(),
        };
        let lane = self.timeline.lane(lane);
        match connection.work {
            Work::Long => sleep(LATE * 2).await,
            Work::Ticks => {
                let mut next = Instant::now();
                for _ in 0..180 {
                    next += SECOND;
                    sleep_until(next).await;
                    let late = next.elapsed();
                    if late > GRAIN {
                        lane.mark(format!("{} late", in_words(late)));
                        self.late.push(in_words(late));
                    }
                }
            }
            Work::Panic => {
                lane.mark("panics");
                left.finished = true;
                // hermetic: the panic is what is tested
                panic!("a photo that nobody can read");
            }
        }
        left.finished = true;
        self.finished.push(connection.number.to_string());
    }

    /// Waits until the script is over, or `serve`.
    async fn watch(&self, serving: &mut JoinHandle<io::Result<()>>) -> Option<Ended> {
        tokio::select! {
            biased;
            () = self.over.wait() => None,
            outcome = &mut *serving => Some(Ended::of(outcome)),
            () = sleep(LATE) => None,
        }
    }

    /// Carries the script out to its end, which is not the end of `serve`.
    fn pass(self) {
        let ended = self.carry_out(async |serving| self.watch(serving).await);
        if let Some(ended) = ended {
            panic!("{}", self.over_too_early(&ended));
        }
        self.check();
    }

    /// Carries the script out, at whose end `serve` returns. Gives that, and how long after the last error it came.
    fn last_pass(self) -> (Ended, Duration) {
        let (ended, at) = self.carry_out(async |serving| (self.watch(serving).await, Instant::now()));
        let Some(ended) = ended else {
            self.check();
            unreachable!("`accept` is called once more, or `serve` ends");
        };
        let early = !self.steps.lock().unwrap().is_empty();
        assert!(!early, "{}", self.over_too_early(&ended));
        let since = self.state.lock().unwrap().since.expect("there was an error").0;
        (ended, at - since)
    }

    fn carry_out<T>(&self, run: impl AsyncFnOnce(&mut JoinHandle<io::Result<()>>) -> T) -> T {
        let run = vt(to_its_end(POLLS, async {
            let mut serving = self.clone().open();
            let output = run(&mut serving).await;
            // Until the connections that have something to do are done.
            if self.steps.lock().unwrap().is_empty() {
                sleep(200 * SECOND).await;
            }
            output
        }))
        .0;
        rest(run.as_ref().map(|_| ()).map_err(|unrest| *unrest));
        run.unwrap_or_else(|_| unreachable!("checked"))
    }

    /// Panics with the first thing that was wrong, if anything was.
    fn check(&self) {
        assert!(
            self.strangers.is_empty(),
            "`handle` was carried out on another thread than the runtime's. The runtime is there: spawn a task on it."
        );
        let state = self.state.lock().unwrap();
        if let Some(fault) = &state.fault {
            panic!("{fault}");
        }
        let left = self.steps.lock().unwrap().len();
        assert!(
            left == 0 && self.over.is_open(),
            "{}, and `serve` had not called `accept` again 90 days later. {}",
            state.told(),
            state.rule()
        );
    }

    /// The work of all connections with `Ticks` was done, and in time.
    fn check_work(&self, workers: usize) {
        let dropped = self.dropped.events();
        assert!(
            dropped.is_empty(),
            "Connection {} was open and had something to do, and its `handle` was dropped. What `accept` returns, and what other \
             connections do, is no concern of an open connection.",
            dropped[0]
        );
        let late = self.late.events();
        assert!(
            late.is_empty(),
            "A connection was open, had something to do while `serve` paused, and got on {} later. Connections that are open are served \
             also during a pause.",
            late[0]
        );
        check_eq!(
            self.finished.len(),
            workers,
            "Connections were open and had something to do, and not all of them have done it."
        );
    }

    fn over_too_early(&self, ended: &Ended) -> String {
        let state = self.state.lock().unwrap();
        format!("{}, and {}. {}", state.told(), ended.how(), state.rule())
    }
}

/// The pause after so many errors in a row.
fn pause(errors: usize) -> Duration {
    SECOND * 2_u32.pow(u32::try_from(errors).expect("small") - 1)
}

impl State {
    /// What `accept` has returned last, for a message.
    fn told(&self) -> String {
        match &self.before {
            Before::Nothing => "No client has come yet".to_owned(),
            Before::Client => "A connection was accepted".to_owned(),
            Before::Left(kind) => format!("A client left before it was accepted (`{kind:?}`)"),
            Before::Error(text, 1) => format!("`accept` failed with {text:?}"),
            Before::Error(text, errors) => {
                let since = if self.clients == 0 { "" } else { " since the last connection" };
                format!("`accept` failed with {text:?}, the {} such error{since}", nth(*errors))
            }
        }
    }

    /// What `serve` does then, for a message.
    fn rule(&self) -> String {
        match &self.before {
            Before::Nothing => "It waits for clients as long as it takes.".to_owned(),
            Before::Client => "It goes on with the next client, whatever `handle` does.".to_owned(),
            Before::Left(_) => "That concerns nobody else: accept the next one at once.".to_owned(),
            Before::Error(_, errors) => format!(
                "It pauses for {} and goes on. Only an error after the pause of 64 s is final.",
                seconds(pause(*errors))
            ),
        }
    }

    /// Looks at a call of `accept`: whether it comes when it should.
    fn called(&mut self) {
        self.calls += 1;
        let Some((since, real)) = self.since else { return };
        let found = since.elapsed();
        let (expected, rule) = match &self.before {
            Before::Nothing => return,
            Before::Client => (
                Duration::ZERO,
                "`handle` runs in a task, and `serve` goes on with the next client at once.".to_owned(),
            ),
            Before::Left(_) => {
                (Duration::ZERO, "That concerns nobody else: accept the next one at once.".to_owned())
            }
            Before::Error(_, errors) if *errors > 7 => {
                self.fault = Some(format!(
                    "{}, after a pause of 64 s, and `serve` called `accept` again {}. That error is not going away: return it.",
                    self.told(),
                    later(found)
                ));
                return;
            }
            Before::Error(_, errors) => (
                pause(*errors),
                "The first pause after a connection is 1 s, and each one after that twice as long."
                    .to_owned(),
            ),
        };
        if found + GRAIN >= expected && found <= expected + GRAIN {
            return;
        }
        let told = self.told();
        self.fault = Some(match &self.before {
            Before::Error(..) if found.is_zero() && real.elapsed() >= expected => format!(
                "{told}, and `serve` kept the thread for {}. A pause that blocks the thread stops all connections, too. Await it.",
                in_words(real.elapsed())
            ),
            Before::Error(..) if found.is_zero() => format!(
                "{told}, and `serve` called `accept` again at once. Such an error would come right back: pause for {} first. {rule}",
                seconds(expected)
            ),
            Before::Error(..) => format!(
                "{told}, and `serve` paused for {}. It should pause for {} then. {rule}",
                seconds(found),
                seconds(expected)
            ),
            _ => format!("{told}, and `serve` called `accept` again {}. {rule}", later(found)),
        });
    }

    /// Notes what a call returns.
    fn note(&mut self, outcome: &Outcome) {
        self.before = match outcome {
            Outcome::Client(_) => {
                (self.errors, self.clients) = (0, self.clients + 1);
                Before::Client
            }
            Outcome::Left(kind) => Before::Left(*kind),
            Outcome::Error(error) => {
                self.errors += 1;
                Before::Error(error.to_string(), self.errors)
            }
        };
        // hermetic: chooses between two messages of a test that fails either way
        self.since = Some((Instant::now(), std::time::Instant::now()));
    }
}

/// As the task's text counts them: `1 s`, `64 s`.
fn seconds(time: Duration) -> String {
    if time < 300 * SECOND && time.subsec_millis() == 0 {
        format!("{} s", time.as_secs())
    } else {
        in_words(time)
    }
}

fn later(time: Duration) -> String {
    if time <= GRAIN { "at once".to_owned() } else { format!("{} later", seconds(time)) }
}

fn nth(number: usize) -> String {
    let ending = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn rest(rest: Result<(), Unrest>) {
    match rest {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "Nothing happened. Within {}, your code kept waking up by the clock to look. `accept` wakes its task when there is \
             something to accept.",
            in_words(time)
        ),
        Err(_) => panic!(
            "Nothing happened, and your code never came to rest: it asks again and again. `accept` wakes its task when there is \
             something to accept."
        ),
    }
}

struct Connection {
    number: usize,
    work: Work,
}

/// Tells of a `handle` that did not come to its end.
struct Left {
    finished: bool,
    dropped: Log,
    number: usize,
}

impl Drop for Left {
    fn drop(&mut self) {
        if !self.finished {
            self.dropped.push(self.number.to_string());
        }
    }
}

struct Door {
    night: Night,
    lane: Lane,
}

impl Acceptor<Connection> for Door {
    async fn accept(&mut self) -> io::Result<Connection> {
        let lane = self.lane.clone();
        lane.watch(self.next()).await
    }
}

impl Door {
    async fn next(&mut self) -> io::Result<Connection> {
        if self.night.over.is_open() {
            return std::future::pending().await;
        }
        let ready = {
            let mut state = self.night.state.lock().unwrap();
            // Called again after a call that was dropped, it goes on where that was.
            let ready = match state.ready {
                Some(ready) => Some(ready),
                None => {
                    state.called();
                    let steps = self.night.steps.lock().unwrap();
                    steps.last().filter(|_| state.fault.is_none()).map(|step| Instant::now() + step.after)
                }
            };
            state.ready = ready;
            ready
        };
        let Some(ready) = ready else {
            self.night.over.open();
            return std::future::pending().await;
        };
        if ready > Instant::now() {
            sleep_until(ready).await;
        }
        let mut state = self.night.state.lock().unwrap();
        state.ready = None;
        let step = self.night.steps.lock().unwrap().pop().expect("there was one");
        state.note(&step.outcome);
        match step.outcome {
            Outcome::Client(work) => {
                self.lane.mark("a connection");
                Ok(Connection { number: state.clients, work })
            }
            Outcome::Left(kind) => {
                self.lane.mark("a client left");
                Err(kind.into())
            }
            Outcome::Error(error) => {
                self.lane.mark("an error");
                Err(error)
            }
        }
    }
}

/// How `serve` has ended.
enum Ended {
    Ok,
    Error(io::Error),
    Panicked,
}

impl Ended {
    fn of(outcome: Result<io::Result<()>, tokio::task::JoinError>) -> Self {
        match outcome {
            Ok(Ok(())) => Self::Ok,
            Ok(Err(error)) => Self::Error(error),
            Err(_) => Self::Panicked,
        }
    }

    fn how(&self) -> String {
        match self {
            Self::Ok => "`serve` returned `Ok(())`".to_owned(),
            Self::Error(error) => format!("`serve` returned {error:?}"),
            Self::Panicked => "`serve` panicked".to_owned(),
        }
    }
}

async fn ended(serving: &mut JoinHandle<io::Result<()>>) -> Option<Ended> {
    if !serving.is_finished() {
        return None;
    }
    Some(Ended::of(serving.await))
}
