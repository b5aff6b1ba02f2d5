//! Hidden tests of `connection_limit`: when `serve` accepts a client, and what becomes of the connection.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Acceptor, serve};
use testkit::{
    InFlight, InFlightGuard, Lane, Log, Timeline, Unrest, check_eq, counted, in_words, pick, settle, silence,
    stage, to_its_end, vt,
};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// With all places taken, no client is accepted: neither one that waits already, nor one that comes later.
#[test]
fn no_more_than_the_limit_are_open() {
    for limit in [2, 1, number(5..=40)] {
        for at_once in [true, false] {
            stage(format!("more clients than places: {limit} places"));
            let (service, more) = (Service::new(limit), number(10..=50));
            service.run(async |street| {
                for n in 0..limit + more {
                    if n == limit && !at_once {
                        settle().await;
                    }
                    street.come(FOREVER);
                }
                settle().await;
                service.check_full(limit + more);
                let rest = silence().await;
                service.check_full(limit + more);
                service.rest("All places were taken and clients were waiting", rest);
                street.come(FOREVER);
                settle().await;
                service.check_full(limit + more + 1);
                street.check_runs("All places were taken").await;
            });
        }
    }
}

/// As many connections are open at the same time as there are places.
#[test]
fn every_place_is_used() {
    for limit in [1, 2, 3, number(100..=200)] {
        for clients in [limit, limit + 5] {
            stage(format!("{clients} clients come, for {limit} places"));
            let service = Service::new(limit);
            service.run(async |street| {
                for _ in 0..clients {
                    street.come(FOREVER);
                }
                settle().await;
                sleep(SECOND).await;
                street.check_runs("Clients came").await;
                service.check_threads();
                if service.handled.now() < limit {
                    service.await_threads();
                }
                let (handled, open) = (service.handled.now(), service.open.now());
                assert!(
                    handled == limit,
                    "With a limit of {limit}, {} came. A second later {} {} open, and {handled} of them handled. Up to the limit, \
                     connections are handled at the same time.",
                    counted(clients, "client"),
                    counted(open, "connection"),
                    if open == 1 { "was" } else { "were" },
                );
            });
        }
    }
}

/// When a connection ends, whichever it is, the next client is accepted at once.
#[test]
fn a_place_that_is_free_is_taken_at_once() {
    for (limit, clients) in [(1, 5), (2, 12), (number(3..=9), number(60..=90))] {
        stage(format!("{clients} clients come, for {limit} places, and connections end"));
        // Of very different lengths; some are over at once.
        let lengths: Vec<_> = (0..clients)
            .map(|n| match n % 5 {
                0 => Duration::from_millis(pick(40_000_000..=90_000_000)),
                1 => Duration::ZERO,
                _ => Duration::from_millis(pick(3..=1_000)),
            })
            .collect();
        let service = Service::new(limit);
        service.run(async |street| {
            for length in &lengths {
                street.come(Work::For(*length));
            }
            // Long enough for all of them, one by one.
            sleep(Duration::from_secs(90_000) * clients as u32).await;
            street.check_runs("Clients came and left").await;
            service.check_times(&lengths);
            // The places are free now. A client that comes is accepted when it comes.
            for wait in [1, 86_400] {
                sleep(Duration::from_secs(wait)).await;
                let came = service.now();
                street.come(Work::For(SECOND));
                sleep(10 * SECOND).await;
                let accepted = service.accepted();
                let Some(at) = accepted.get(service.came()  - 1) else {
                    panic!(
                        "A client came when all {limit} places were free, and it had not been accepted 10 s later. A place is free when \
                         its connection has ended."
                    );
                };
                assert!(
                    *at <= came + GRAIN,
                    "A client came when all {limit} places were free, and it was accepted {} later. A free place is taken at once.",
                    in_words(*at - came)
                );
            }
        });
        service.check_handled();
    }
}

/// A connection whose `handle` panics gives its place back.
#[test]
fn a_panic_gives_the_place_back() {
    for limit in [1, 2, number(3..=12)] {
        for after in [Duration::ZERO, Duration::from_millis(pick(5..=5_000))] {
            stage(format!("`handle` panics, with {limit} places"));
            let service = Service::new(limit);
            service.run(async |street| {
                // More panics than places, and one place is never free again.
                let panics = 2 * limit + 1;
                if limit > 1 {
                    street.come(FOREVER);
                }
                for _ in 0..panics {
                    street.come(Work::Panic(after));
                }
                sleep(SECOND * 100).await;
                let told = format!("With a limit of {limit}, `handle` panicked for {}", counted(panics, "client"));
                for _ in 0..3 {
                    street.come(Work::For(SECOND));
                    sleep(SECOND * 2).await;
                }
                street.check_runs(&told).await;
                service.check_threads();
                let (came, accepted) = (service.came(), service.accepted().len());
                assert!(
                    accepted == came,
                    "With a limit of {limit}, {} came, `handle` panicked for {} of them, and then no more were accepted: {} still waiting. \
                     A panic ends a connection, and its place is free.",
                    counted(came, "client"),
                    service.panicked.len(),
                    match came - accepted {
                        1 => "1 client was".to_owned(),
                        n => format!("{n} clients were"),
                    }
                );
                service.check_handled();
            });
        }
    }
}

/// Every connection that was accepted is handled, right away and to its end.
#[test]
fn everybody_who_was_accepted_is_handled() {
    for (limit, clients) in [(1, 1), (1, 3), (3, 40), (50, number(200..=300))] {
        stage(format!("{clients} clients come, for {limit} places"));
        let service = Service::new(limit);
        service.run(async |street| {
            for n in 0..clients {
                street.come(Work::For(Duration::from_secs(if n % 7 == 0 {
                    pick(86_400..=200_000)
                } else {
                    pick(0..=50)
                })));
            }
            sleep(Duration::from_secs(200_000) * clients as u32).await;
            street.check_runs("Clients came").await;
        });
        service.check_handled();
        check_eq!(
            service.finished.len(),
            clients,
            "{} came, and time enough has passed for all of them. Not all were handled to their ends.",
            counted(clients, "client")
        );
    }
}

/// While no client comes and no connection ends, nothing runs.
#[test]
fn waiting_costs_nothing() {
    for (limit, clients) in [(2, 0), (2, 1), (2, 7)] {
        stage(format!("{} for {limit} places, and nothing happens", counted(clients, "client")));
        let service = Service::new(limit);
        service.run(async |street| {
            for _ in 0..clients {
                street.come(FOREVER);
            }
            settle().await;
            service.rest(
                &format!("{} came, for {limit} places, and no connection ended", counted(clients, "client")),
                silence().await,
            );
            street.check_runs("Nothing happened").await;
        });
    }
}

/// A service whose places are taken holds no other service up.
#[test]
fn each_service_has_its_own_limit() {
    stage("two services, and one is full");
    let (full, other) = (Service::new(1), Service::new(3));
    let run = vt(to_its_end(POLLS, async {
        let (street, neighbor) = (full.open(), other.open());
        for _ in 0..4 {
            street.come(FOREVER);
        }
        settle().await;
        for _ in 0..3 {
            neighbor.come(FOREVER);
        }
        settle().await;
        sleep(SECOND).await;
    }));
    full.rest("Two services were open", run.0);
    let accepted = (full.accepted().len(), other.accepted().len());
    assert!(
        accepted == (1, 3),
        "A service with 1 place had 4 clients, and another service, with 3 places, had 3. The first one accepted {}, and the other one {}. \
         Each service has its own limit.",
        accepted.0,
        accepted.1
    );
}

const SECOND: Duration = Duration::from_secs(1);

/// Longer than a test's clock runs.
const FOREVER: Work = Work::For(Duration::from_secs(700 * 86_400));

/// Tokio's clock counts milliseconds, and rounds up.
const GRAIN: Duration = Duration::from_millis(2);

const POLLS: usize = 10_000;

/// Clients with a lane of their own in the drawing.
const LANES: usize = 6;

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    pick(range).try_into().expect("small")
}

/// What the `handle` of a connection does.
#[derive(Clone, Copy)]
enum Work {
    For(Duration),
    Panic(Duration),
}

/// What was seen of one service.
#[derive(Clone)]
struct Service {
    limit: usize,
    seen: Arc<Mutex<Seen>>,
    /// Connections that were accepted and not dropped.
    open: InFlight,
    /// Connections whose `handle` is under way.
    handled: InFlight,
    finished: Log,
    panicked: Log,
    /// Connections whose `handle` was dropped half-way, or before it began.
    dropped: Log,
    /// By how much a `handle` began too late.
    late: Log,
    strangers: Log,
    home: ThreadId,
    timeline: Timeline,
}

#[derive(Default)]
struct Seen {
    came: usize,
    /// When each client was accepted.
    accepted: Vec<Duration>,
    /// When `serve` was started.
    start: Option<Instant>,
}

impl Service {
    fn new(limit: usize) -> Self {
        let timeline = Timeline::new();
        timeline.lane("accept");
        let [finished, panicked, dropped, late, strangers] = [(); 5].map(|()| Log::new());
        let (open, handled) = (InFlight::new(), InFlight::new());
        let (seen, home) = (Arc::default(), thread::current().id());
        Self { limit, seen, open, handled, finished, panicked, dropped, late, strangers, home, timeline }
    }

    /// Starts `serve`.
    fn open(&self) -> Street {
        self.seen.lock().unwrap().start = Some(Instant::now());
        let (queue, clients) = mpsc::unbounded_channel();
        let (service, lane) = (self.clone(), self.timeline.lane("accept"));
        let door = Door { clients, service: self.clone(), lane };
        let serving =
            tokio::spawn(serve(door, self.limit, move |connection| service.clone().handle(connection)));
        Street { queue, serving, service: self.clone() }
    }

    /// Starts `serve`, and carries the day out.
    fn run(&self, day: impl AsyncFnOnce(&mut Street)) {
        let run = vt(to_its_end(POLLS, async { day(&mut self.open()).await }));
        self.check_threads();
        self.rest("The service was open", run.0);
    }

    async fn handle(self, mut connection: Connection) {
        if thread::current().id() != self.home {
            self.strangers.push("one");
            connection.left.over = true;
            return;
        }
        let late = self.now() - connection.accepted;
        if late > GRAIN {
            self.late.push(in_words(late));
        }
        let lane = if connection.number <= LANES {
            format!("client {}", connection.number)
        } else {
            "more clients".to_owned()
        };
        let lane = self.timeline.lane(lane);
        let _inside = self.handled.enter();
        match connection.work {
            Work::For(time) => {
                if !time.is_zero() {
                    lane.watch(sleep(time)).await;
                }
            }
            Work::Panic(after) => {
                if !after.is_zero() {
                    lane.watch(sleep(after)).await;
                }
                lane.mark("panics");
                self.panicked.push("one");
                connection.left.over = true;
                // hermetic: the panic is what is tested
                panic!("a report that nobody can write");
            }
        }
        connection.left.over = true;
        self.finished.push("one");
    }

    fn now(&self) -> Duration {
        self.seen.lock().unwrap().start.expect("`serve` was started").elapsed()
    }

    fn came(&self) -> usize {
        self.seen.lock().unwrap().came
    }

    fn accepted(&self) -> Vec<Duration> {
        self.seen.lock().unwrap().accepted.clone()
    }

    /// Makes sure that nobody was accepted for whom there is no place. No connection has ended.
    fn check_full(&self, clients: usize) {
        self.check_threads();
        let (limit, accepted, dropped) = (self.limit, self.accepted().len(), self.dropped.len());
        assert!(
            dropped == 0,
            "With a limit of {limit}, {clients} clients came. `serve` had accepted {accepted} of them, and {dropped} of these were dropped \
             before they were handled to their end. Clients for whom there is no place are not accepted, so they can wait."
        );
        assert!(
            accepted <= limit,
            "With a limit of {limit}, {clients} clients came, and no connection ended. `serve` had accepted {accepted} of them. As long as \
             {} open, the next client is not accepted, and waits in the queue of the operating system.",
            if limit == 1 { "1 connection is".to_owned() } else { format!("{limit} connections are") }
        );
    }

    /// Makes sure that each client was accepted when there was a place for it. All came at the beginning.
    fn check_times(&self, lengths: &[Duration]) {
        self.check_threads();
        let (limit, accepted) = (self.limit, self.accepted());
        let mut free: BinaryHeap<_> = (0..limit).map(|_| Reverse(Duration::ZERO)).collect();
        for (n, length) in lengths.iter().enumerate() {
            let Reverse(expected) = free.pop().expect("there is a place");
            let Some(found) = accepted.get(n) else {
                panic!(
                    "With a limit of {limit}, {} came, and a place was free for client {} after {}. It was never accepted. When a \
                     connection ends, whichever it is, its place is free.",
                    counted(lengths.len(), "client"),
                    n + 1,
                    in_words(expected)
                );
            };
            assert!(
                *found <= expected + GRAIN,
                "With a limit of {limit}, {} came, and a place was free for client {} after {}. It was accepted {} later. As soon as a \
                 connection ends, whichever it is, the next client is accepted.",
                counted(lengths.len(), "client"),
                n + 1,
                in_words(expected),
                in_words(*found - expected)
            );
            // From what was found, so that differences don't add up.
            free.push(Reverse(*found + *length));
        }
        assert!(
            self.open.max() <= limit,
            "With a limit of {limit}, {} connections were open at the same time. A place is free when its connection has ended, and not before.",
            self.open.max()
        );
    }

    /// Makes sure that all connections were handled as they should be.
    fn check_handled(&self) {
        self.check_threads();
        let (limit, late) = (self.limit, self.late.events());
        assert!(
            self.open.max() <= limit,
            "With a limit of {limit}, {} connections were open at the same time. A place is free when its connection has ended, and not before.",
            self.open.max()
        );
        assert!(
            self.dropped.is_empty(),
            "With a limit of {limit}, {} came, and {} dropped before it was handled to its end. That may take as long as it likes.",
            counted(self.came(), "client"),
            match self.dropped.len() {
                1 => "1 connection was".to_owned(),
                n => format!("each of {n} connections was"),
            }
        );
        assert!(
            late.is_empty(),
            "A connection was accepted, and its `handle` began {} later. It is handled right away.",
            late[0]
        );
    }

    /// Virtual time does not wait for threads. Is there one that is about to handle a connection?
    fn await_threads(&self) {
        for _ in 0..60 {
            // hermetic: chooses between two messages of a test that fails either way
            thread::sleep(Duration::from_millis(5));
            self.check_threads();
        }
    }

    fn check_threads(&self) {
        assert!(
            self.strangers.is_empty(),
            "`handle` was carried out on another thread than the runtime's. The runtime is there: spawn a task on it."
        );
    }

    /// Makes sure that nothing ran when nothing happened.
    fn rest(&self, told: &str, rest: Result<(), Unrest>) {
        match rest {
            Ok(()) => {}
            Err(Unrest::Naps(time)) => panic!(
                "{told}, and nothing happened. Within {}, your code kept waking up by the clock to look. A task that waits for a place is \
                 woken when there is one.",
                in_words(time)
            ),
            Err(_) => panic!(
                "{told}, and your code never came to rest: it asks again and again. A task that waits for a place is woken when there is one."
            ),
        }
    }
}

/// Where clients come from, and `serve` while it runs.
struct Street {
    queue: mpsc::UnboundedSender<Work>,
    serving: JoinHandle<()>,
    service: Service,
}

impl Street {
    /// A client comes.
    fn come(&self, work: Work) {
        self.service.seen.lock().unwrap().came += 1;
        // Fails when `serve` is over, and `check_runs` says so.
        let _ = self.queue.send(work);
    }

    /// Makes sure that `serve` is not over.
    async fn check_runs(&mut self, told: &str) {
        if !self.serving.is_finished() {
            return;
        }
        match (&mut self.serving).await {
            Ok(()) => panic!("{told}, and `serve` returned. It serves forever."),
            Err(_) => panic!(
                "{told}, and `serve` panicked. What happens to one connection is no concern of the others."
            ),
        }
    }
}

struct Door {
    clients: mpsc::UnboundedReceiver<Work>,
    service: Service,
    lane: Lane,
}

impl Acceptor<Connection> for Door {
    async fn accept(&mut self) -> Connection {
        let lane = self.lane.clone();
        let Some(work) = lane.watch(self.clients.recv()).await else { std::future::pending().await };
        let (service, accepted) = (&self.service, self.service.now());
        let number = {
            let mut seen = service.seen.lock().unwrap();
            seen.accepted.push(accepted);
            seen.accepted.len()
        };
        let left = Left { over: false, dropped: service.dropped.clone() };
        Connection { number, work, accepted, left, _open: service.open.enter() }
    }
}

/// A connection. It is open until it is dropped.
struct Connection {
    number: usize,
    work: Work,
    accepted: Duration,
    left: Left,
    _open: InFlightGuard,
}

/// Tells of a connection that was dropped before its `handle` was over.
struct Left {
    over: bool,
    dropped: Log,
}

impl Drop for Left {
    fn drop(&mut self) {
        if !self.over {
            self.dropped.push("one");
        }
    }
}
