//! Hidden tests of `batcher`: when each batch is yielded, with which events, and how many events are held.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use exercise::batches;
use futures::Stream;
use testkit::{
    Lane, Timeline, check_eq, counted, handed_on, in_words, panic_of, pick, settle, side_by_side, stage,
    timed, vt,
};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout};

/// A batch that does not become full leaves when its first event has been in it for `age`.
#[test]
fn a_batch_leaves_when_it_is_old_enough() {
    let age = pick(300..=900);
    // A trickle, with pauses that are shorter than `age`: three events come within it.
    let gap = age * pick(40..=48) / 100;
    let trickle: Vec<_> = (0..9).map(|n| n * gap + u64::from(n > 0)).collect();
    Log::new(&trickle, 20 * age, pick(20..=90) as usize, ms(age)).run().check();
    // A single one.
    Log::new(&[pick(1..=50)], 20 * age, pick_size(), ms(age)).run().check();
}

/// A batch that is full leaves at once, whatever its age.
#[test]
fn a_full_batch_leaves_at_once() {
    let (size, age) = (pick(4..=8) as usize, pick(300..=900));
    // Quick ones, more than two batches of them, some of them at the same moment.
    let quick: Vec<_> = (0..2 * size as u64 + 3).map(|n| 5 + n / 2 * 4).collect();
    Log::new(&quick, 20 * age, size, ms(age)).run().check();
    // The last one that it needs comes just in time.
    let mut late = vec![10; size - 1];
    late.push(9 + age);
    Log::new(&late, 20 * age, size, ms(age)).run().check();
}

/// The age of a batch counts from its own first event: not from the batch before, not from a tick, not from the latest event.
#[test]
fn the_age_counts_from_the_first_event() {
    let (size, age) = (3, pick(300..=900));
    // A batch that is full, and soon after it one that is not; then a long silence, and a batch in the middle of nowhere.
    let silence = pick(3..=5) * age + pick(100..=200);
    let at = [
        10,
        12,
        20,
        30,
        30 + silence,
        35 + silence,
        37 + silence,
        47 + silence + age * 9 / 10,
        48 + 2 * silence,
    ];
    Log::new(&at, 9 * silence, size, ms(age)).run().check();
    let day = 24 * 3_600_000;
    Log::new(&[day + 17, day + 20, 3 * day], 4 * day, size, ms(age)).run().check();
}

/// When the events end, the batch that has begun leaves at once; if none has begun, there is none. Then the stream ends.
#[test]
fn the_last_batch_leaves_at_the_end() {
    let age = pick(300..=900);
    for (at, end) in [
        (&[5, 6, 7, 8, 9][..], 10),
        (&[5, 6], 7),
        (&[5], 5),
        (&[5, 6, 7], 30),
        (&[5, 6, 7, 8, 9, 10], 10),
        (&[5, 6, 7], 12 * age),
        (&[], 40),
        (&[], 0),
        (&[0], 0),
    ] {
        stage(format!("there are {}, and they end after {end} ms", counted(at.len(), "event")));
        Log::new(at, end, 3, ms(age)).run().check();
    }
}

/// Every event is in a batch, in its place: empty ones, equal ones, hundreds.
#[test]
fn every_event_is_in_a_batch() {
    let word = format!("login {}", pick(10..=99_999));
    let events = [&word, "", "", &word, &word, "", &word, &word].map(str::to_owned);
    for size in [1, 2, 3, 50] {
        let log = Log {
            events: events.clone().map(|event| (ms(7), event)).into(),
            ..Log::new(&[], 500, size, ms(200))
        };
        log.run().check();
    }
    let many: Vec<_> = (0..pick(400..=500)).map(|n| 5 + n / 3).collect();
    Log::new(&many, 3_000, 7, ms(pick(300..=900))).run().check();
}

/// While the server is busy with a batch, `batches` holds one batch at most, and takes nothing before it is asked.
#[test]
fn it_holds_one_batch_at_most() {
    let (size, age) = (pick(4..=8) as usize, ms(pick(100..=200)));
    let many: Vec<_> = (0..20 * size as u64).map(|n| n * 11).collect();
    let mut log = Log::new(&many, 5_000, size, age);
    log.busy = age * 5;
    let seen = log.run();
    seen.check_events();
    seen.check_sizes();
    seen.check_held();

    let log = Log::new(&many, 5_000, size, age);
    let (_, taken) = log.drive(async {
        let stream = batches(log.source(), size, age);
        sleep(Duration::from_secs(3600)).await;
        drop(stream);
    });
    assert!(
        taken == 0,
        "For an hour, nobody asked for a batch, and `batches` had taken {}. A stream does nothing before it is polled.",
        counted(taken, "event")
    );
}

/// The server may stop waiting for a batch and ask again later: nothing is lost, and the batch does not get younger.
#[test]
fn next_may_be_dropped() {
    let age = pick(400..=900);
    let at = [3, age / 2, 5 * age, 5 * age + 1, 5 * age + 2, 7 * age, 7 * age + age / 3, 12 * age];
    let mut log = Log::new(&at, 15 * age, 3, ms(age));
    log.asks_for = Some(ms(age / 7));
    log.run().check();
}

/// The server may ask for a batch when that has been old enough for long, and other events have come in the meantime.
#[test]
fn the_server_may_ask_late() {
    let age = pick(400..=900);
    for at in [vec![3], vec![3, 2 * age], vec![3, 2 * age, 2 * age, 3 * age]] {
        let mut log = Log::new(&at, 20 * age, 9, ms(age));
        (log.asks_for, log.away) = (Some(ms(age / 4)), ms(5 * age));
        let seen = log.run();
        seen.check_events();
        seen.check_sizes();
        seen.check_held();
        let (due, left) = (ms(age / 4 + 5 * age), seen.seen().got[0].1);
        assert!(
            left == due,
            "The server asked for a batch, did something else, and asked again after {}. The first event of the batch had been in it \
             since 3 ms, and `age` is {age} ms. The batch left after {}. It was old enough, so it leaves as soon as somebody asks.",
            say(due),
            say(left)
        );
    }
}

/// However long nothing happens, nobody gets up to look.
#[test]
fn waiting_costs_nothing() {
    let month = 30 * 24 * 3_600_000;
    // Long before the first event, and long until a batch is old enough.
    Log::new(&[month, month + 5], 5 * month, 3, ms(pick(300..=900))).run().check();
    Log::new(&[5, month / 2, 2 * month], 5 * month, 4, ms(month)).run().check();
}

/// The size and the age may be very small or very large.
#[test]
fn any_size_and_any_age() {
    let gaps: Vec<_> = (0..40).map(|n| n * 20 + n % 3).collect();
    for (size, age) in [(1, 1), (1, 5_000), (2, 1), (1_000, 1), (1_000, 90), (1_000, 100_000)] {
        stage(format!("`size` is {size}, and `age` is {age} ms"));
        Log::new(&gaps, 1_000, size, ms(age)).run().check();
    }
}

/// It may be polled by one task, and from then on by another; two logs do not wait for each other; what is dropped is gone.
#[test]
fn logs_are_independent() {
    let (hour, day) = (3_600_000, 24 * 3_600_000);
    stage("another task goes on with the stream");
    let log = Log::new(&[hour, hour + 1, day], 2 * day, 5, ms(hour));
    log.poll_by_hand(async { handed_on("The stream of `batches`", 60, log.consume()).await });
    let found = log.seen().got.iter().map(|(_, at)| *at).collect::<Vec<_>>();
    for (n, ((_, due, _), left)) in (1..).zip(log.due().into_iter().zip(found)) {
        assert!(
            left <= due,
            "Two tasks polled the stream of `batches` in turns. Batch {n} was due after {}, and left after {}: until then, the task that \
             had polled last was not woken. Each poll brings the waker that counts from then on, also for a timer.",
            say(due),
            say(left)
        );
    }
    log.check_events();

    stage("two logs are in use at the same time, one of which ends much earlier");
    let (slow, quick) = (Log::new(&[5, day], 2 * day, 5, ms(hour)), Log::new(&[5, 6], 90, 5, ms(20)));
    slow.poll_by_hand(async {
        quick.seen().start = Some(Instant::now());
        side_by_side("`batches`", 60, slow.consume(), quick.consume()).await
    });

    stage("the stream is dropped while a batch is being made");
    let log = Log::new(&[5, 10, day], 2 * day, 5, ms(hour));
    log.drive(async {
        drop(timeout(ms(20), log.consume()).await);
        settle().await;
    });
    assert!(
        log.seen().gone,
        "The stream of `batches` was dropped, and the events still exist somewhere. Dropping cancels everything."
    );
}

fn pick_size() -> usize {
    pick(2..=9) as usize
}

/// Events, and how they are to be put into batches.
struct Log {
    events: Vec<(Duration, String)>,
    end: Duration,
    size: usize,
    age: Duration,
    /// What the server does after each batch; how long it waits for one before it stops asking; and when it asks again.
    busy: Duration,
    asks_for: Option<Duration>,
    away: Duration,
    seen: Arc<Mutex<Seen>>,
    lanes: [Lane; 3],
}

#[derive(Default)]
struct Seen {
    start: Option<Instant>,
    taken: usize,
    over: bool,
    after_the_end: bool,
    gone: bool,
    got: Vec<(Vec<String>, Duration)>,
    /// The most events that were taken and not yielded.
    held: usize,
    ended: Duration,
}

impl Log {
    /// Events at these milliseconds, and the end at another one.
    fn new(at: &[u64], end: u64, size: usize, age: Duration) -> Self {
        let base = pick(1_000..=99_999);
        let events = (1..).zip(at).map(|(n, at)| (ms(*at), format!("{base}, event {n}"))).collect();
        let timeline = Timeline::new();
        let lanes = ["batches", "events", "server"].map(|name| timeline.lane(name));
        let (busy, asks_for, away, seen) = (Duration::ZERO, None, Duration::ZERO, Arc::default());
        Self { events, end: ms(end), size, age, busy, asks_for, away, seen, lanes }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }

    fn now(&self) -> Duration {
        self.seen().start.map_or(Duration::ZERO, |start| start.elapsed())
    }

    fn source(&self) -> Events {
        let (events, end) = (self.events.clone().into(), self.end);
        Events { events, end, timer: None, seen: Arc::clone(&self.seen), lane: self.lanes[1].clone() }
    }

    /// Carries something out in virtual time. What it gives, and how many events were taken.
    fn drive<T>(&self, work: impl Future<Output = T>) -> (T, usize) {
        let polls = 12 * self.events.len() + 60;
        let asked = self.asks_for.map_or(0, |time| 2 * self.end.as_millis() / time.as_millis());
        let polls = polls + usize::try_from(asked).expect("no test asks so often");
        let outcome = panic_of(|| {
            vt(async {
                self.seen().start = Some(Instant::now());
                timed("The stream of `batches`", polls, work).await
            })
            .0
        });
        let call = outcome.and_then(|outcome| outcome).unwrap_or_else(|text| panic!("{text}"));
        (call.output, self.seen().taken)
    }

    /// As `drive`, for those who count polls themselves.
    fn poll_by_hand<T>(&self, work: impl Future<Output = T>) {
        let outcome = panic_of(|| {
            vt(async {
                self.seen().start = Some(Instant::now());
                work.await;
            })
        });
        outcome.unwrap_or_else(|text| panic!("{text}"));
    }

    /// Takes all batches.
    async fn consume(&self) {
        let mut stream = pin!(batches(self.source(), self.size, self.age));
        loop {
            let next = poll_fn(|cx| {
                self.look();
                let polled = stream.as_mut().poll_next(cx);
                if let Poll::Ready(Some(batch)) = &polled {
                    self.lanes[2].mark(format!("gets {}", batch.len()));
                    let at = self.now();
                    self.seen().got.push((batch.clone(), at));
                }
                self.look();
                polled
            });
            let next = match self.asks_for {
                Some(time) => match timeout(time, next).await {
                    Ok(next) => next,
                    Err(_) => {
                        sleep(self.away).await;
                        continue;
                    }
                },
                None => next.await,
            };
            if next.is_none() {
                let now = self.now();
                self.seen().ended = now;
                return;
            }
            if !self.busy.is_zero() {
                sleep(self.busy).await;
            }
        }
    }

    fn look(&self) {
        let mut seen = self.seen();
        let yielded = seen.got.iter().map(|(batch, _)| batch.len()).sum();
        seen.held = seen.held.max(seen.taken.saturating_sub(yielded));
    }

    fn run(&self) -> &Self {
        stage(format!("`size` is {}, and `age` is {}", self.size, say(self.age)));
        self.drive(self.lanes[0].watch(self.consume()));
        self
    }

    /// For each batch: how many events it has, when it is due, and why.
    fn due(&self) -> Vec<(usize, Duration, Why)> {
        let mut due = Vec::new();
        let mut rest = &self.events[..];
        while let Some((first, _)) = rest.first() {
            let old = *first + self.age;
            let count = rest.iter().take(self.size).take_while(|(at, _)| *at < old).count();
            let (at, why) = if count == self.size {
                (rest[count - 1].0, Why::Full)
            } else if count == rest.len() && self.end < old {
                (self.end, Why::End)
            } else {
                (old, Why::Old)
            };
            due.push((count, at, why));
            rest = &rest[count..];
        }
        due
    }

    fn check(&self) {
        self.check_events();
        self.check_sizes();
        self.check_times();
        self.check_held();
        let (end, ended) = (self.end, self.seen().ended);
        assert!(
            ended == end,
            "The events ended after {}, and the stream of `batches` ended after {}. It ends when the events do.",
            say(end),
            say(ended)
        );
    }

    /// Fails unless each event is in a batch, in its place, and no batch is empty.
    fn check_events(&self) {
        let seen = self.seen();
        if let Some(n) = seen.got.iter().position(|(batch, _)| batch.is_empty()) {
            panic!(
                "After {}, `batches` yielded an empty batch; it had taken {} so far. A batch begins with its first event.",
                say(seen.got[n].1),
                counted(seen.got[..n].iter().map(|(batch, _)| batch.len()).sum(), "event")
            );
        }
        assert!(
            !seen.after_the_end,
            "`batches` polled `events` again after it had returned `None`. A stream may panic then, or come back with more."
        );
        let got: Vec<_> = seen.got.iter().flat_map(|(batch, _)| batch).collect();
        let count = self.events.len();
        for (n, (at, event)) in self.events.iter().enumerate() {
            if got.get(n) == Some(&event) {
                continue;
            }
            let later = got.iter().skip(n).any(|other| *other == event);
            let what = if event.is_empty() { " It is empty; an event is an event." } else { "" };
            let what = if n > 0 && self.events[n - 1].1 == *event {
                " It is equal to the one before."
            } else {
                what
            };
            assert!(
                later && self.events.iter().filter(|(_, other)| other == event).count() == 1,
                "Event {} of {count}, {event:?}, which came after {}, was never yielded. Each event is in one batch, in order.{what}",
                n + 1,
                say(*at)
            );
            panic!(
                "Where event {} of {count} was next, {event:?}, `batches` yielded {:?}. The events keep their order, and each comes \
                 once.",
                n + 1,
                got[n]
            );
        }
        check_eq!(
            got.len(),
            count,
            "There were {}, and `batches` yielded {}.",
            counted(count, "event"),
            got.len()
        );
    }

    fn check_sizes(&self) {
        if let Some((batch, _)) = self.seen().got.iter().find(|(batch, _)| batch.len() > self.size) {
            panic!(
                "A batch had {} events, and `size` is {}. A batch that is full leaves.",
                batch.len(),
                self.size
            );
        }
    }

    fn check_held(&self) {
        let held = self.seen().held;
        assert!(
            held <= self.size,
            "`batches` had taken {held} events that the server had not got yet, and `size` is {}. It holds one batch at most; others \
             wait where they come from.",
            self.size
        );
    }

    fn check_times(&self) {
        let seen = self.seen();
        let mut first = 0;
        for (n, (count, due, why)) in (1..).zip(self.due()) {
            let Some((batch, at)) = seen.got.get(n - 1) else { return };
            let (began, age, full) = (self.events[first].0, say(self.age), self.size);
            let has = format!("{} of up to {} events", batch.len(), self.size);
            let late = at.saturating_sub(due);
            if *at < due || (*at == due && batch.len() < count) {
                let after = say(at.saturating_sub(began));
                let what = match why {
                    Why::Full => "More events were coming in time to make it full",
                    Why::Old => "It was not full, and the events had not ended",
                    Why::End => "It was not full, and the events had not ended yet",
                };
                panic!(
                    "Batch {n} left too early: {after} after its first event, with {has}. {what}. `size` is {full}, and `age` is \
                     {age}, which counts from the first event of a batch."
                );
            }
            if !late.is_zero() {
                match why {
                    Why::Full => panic!(
                        "Batch {n} had {full} events after {}, which is `size`, and it left {} later, with {has}. A batch that is \
                         full leaves at once.",
                        say(due),
                        say(late)
                    ),
                    Why::End => panic!(
                        "The events ended after {}, and batch {n}, the last one, left {} later. There is nothing to wait for: it \
                         leaves at once.",
                        say(due),
                        say(late)
                    ),
                    Why::Old => {
                        let latest = self.events[first + batch.len() - 1].0;
                        let again = if batch.len() > 1 && *at == latest + self.age {
                            " That is `age` after its latest event. The age counts from its first one, by the clock of `tokio::time`."
                        } else if batch.len() == full {
                            " That was when it became full."
                        } else if *at == self.end {
                            " That was when the events ended."
                        } else {
                            ""
                        };
                        panic!(
                            "Batch {n} should have left after {}, when its first event had been in it for `age`, {age}. It left {} \
                             later, with {has}.{again}",
                            say(due),
                            say(late)
                        )
                    }
                }
            }
            first += batch.len();
        }
    }
}

/// Why a batch leaves.
#[derive(Clone, Copy)]
enum Why {
    Full,
    Old,
    End,
}

/// Events, each of which is there from some time on.
struct Events {
    events: VecDeque<(Duration, String)>,
    end: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    seen: Arc<Mutex<Seen>>,
    lane: Lane,
}

impl Stream for Events {
    type Item = String;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<String>> {
        let this = &mut *self;
        let at = this.events.front().map_or(this.end, |(at, _)| *at);
        let start = lock(&this.seen).start.unwrap_or_else(Instant::now);
        if start.elapsed() < at {
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(start + at)));
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        this.timer = None;
        let event = this.events.pop_front();
        let mut seen = lock(&this.seen);
        if event.is_some() {
            seen.taken += 1;
            this.lane.mark(format!("event {}", seen.taken));
        } else {
            seen.after_the_end |= seen.over;
            seen.over = true;
        }
        Poll::Ready(event.map(|(_, event)| event))
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        lock(&self.seen).gone = true;
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// Exact to the millisecond, where that may matter.
fn say(time: Duration) -> String {
    if time < Duration::from_secs(1_000) { format!("{} ms", time.as_millis()) } else { in_words(time) }
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
