//! Hidden tests of `std_channel_in_async`: whether the gauges' tasks move, and what `watch` does while they do not.

use std::cell::RefCell;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Gauge, watch};
use testkit::{Gate, Probe, advance, check_eq, panic_of, stage, vt};
use tokio::task::yield_now;
use tokio::time::timeout;

/// Longer than anything here takes, by the runtime's clock: it jumps there only when nobody can go on.
const NEVER: Duration = Duration::from_secs(3600);
/// Readings of the ping-pong.
const READINGS: usize = 200;
/// Rounds of the thread in which everything that can happen has happened.
const ROUNDS: usize = 64;

/// Every reading is recorded as it comes: the next gauge is ready only then.
#[test]
fn readings_are_recorded_as_they_come() {
    let expected = values(READINGS);
    let pingpong = PingPong { gates: (0..=READINGS).map(|_| Gate::new()).collect(), late: Arc::default() };
    pingpong.gates[0].open();
    let gauges = vec![pingpong.gauge(&expected, 0), pingpong.gauge(&expected, 1)];
    let recorded = RefCell::new(Vec::new());
    stage("the first reading is there, and the second one comes when the first has been recorded");
    let end = run(async {
        let record = |reading| {
            let mut recorded = recorded.borrow_mut();
            recorded.push(reading);
            if let Some(gate) = pingpong.gates.get(recorded.len()) {
                gate.open();
            }
        };
        timeout(NEVER * READINGS as u32 * 2, watch(gauges, record)).await
    });
    let recorded = recorded.into_inner();
    if let Some(late) = pingpong.late.lock().unwrap().first() {
        assert!(
            !recorded.is_empty(),
            "The gauges had readings, and not one of them arrived. With Tokio's channel, sending is a plan like \
             receiving: it happens where it is awaited."
        );
        panic!(
            "Reading {late} was there, and for an hour nobody recorded it: the gauge after it was still waiting. Each \
             gauge has to have a turn, and each reading has to be recorded as it comes."
        );
    }
    check_recorded(&recorded, &expected);
    check_end(end);
}

/// While no gauge has a reading, `watch` sleeps.
#[test]
fn silence_costs_nothing() {
    let expected = values(2);
    let gate = Gate::new();
    let gauges =
        expected.iter().map(|&reading| Silent { gate: gate.clone(), reading: Some(reading) }).collect();
    let recorded = RefCell::new(Vec::new());
    let record = |reading| recorded.borrow_mut().push(reading);
    let (watched, probe) = Probe::new(async { timeout(NEVER, watch(gauges, record)).await });
    let polls = Arc::new(Mutex::new((0, 0)));
    stage("the gauges are silent, and the channel is empty");
    let end = run(async {
        let polls = polls.clone();
        tokio::spawn(async move {
            rounds().await;
            let before = probe.polls();
            rounds().await;
            for _ in 0..10 {
                advance(Duration::from_millis(100)).await;
            }
            *polls.lock().unwrap() = (before, probe.polls());
            gate.open();
        });
        watched.await
    });
    let (before, after) = *polls.lock().unwrap();
    if before > 0 {
        let polls = after - before;
        assert!(
            polls == 0,
            "Polled {polls} times while the channel was empty. A task that asks again and again is always ready, and a \
             core burns for it. A channel can wake the one who waits for it."
        );
    }
    let mut recorded = recorded.into_inner();
    recorded.sort_by_key(|reading| expected.iter().position(|expected| expected == reading));
    check_recorded(&recorded, &expected);
    check_end(end);
}

/// `watch` is done when the last gauge has been switched off, and not before.
#[test]
fn the_last_gauge_ends_it() {
    let expected = [values(0), values(1), values(50)];
    let gauges = expected.iter().map(|readings| Slow(readings.clone().into_iter())).collect();
    let recorded = RefCell::new(Vec::new());
    stage("three gauges of 0, 1 and 50 readings");
    let record = |reading| recorded.borrow_mut().push(reading);
    let end = run(async { timeout(NEVER, watch(gauges, record)).await });
    let recorded = recorded.into_inner();
    let all: usize = expected.iter().map(Vec::len).sum();
    assert!(
        recorded.len() >= all,
        "`watch` was done when {} of {all} readings had been recorded. A gauge that is slow is not off.",
        recorded.len()
    );
    for readings in expected {
        let of_this: Vec<u32> =
            recorded.iter().copied().filter(|reading| readings.contains(reading)).collect();
        check_eq!(
            of_this,
            readings,
            "The readings of one gauge have to be recorded once each, in their order."
        );
    }
    check_end(end);
}

/// Different numbers, other ones each time.
fn values(count: usize) -> Vec<u32> {
    let base = RandomState::new().hash_one(count) as u32;
    (0..count as u32).map(|n| base.wrapping_add(n)).collect()
}

async fn rounds() {
    for _ in 0..ROUNDS {
        yield_now().await;
    }
}

/// Gate `n` opens when `n` readings have been recorded.
struct PingPong {
    gates: Vec<Gate>,
    /// Readings that nobody recorded in time.
    late: Arc<Mutex<Vec<usize>>>,
}

impl PingPong {
    /// The gauge that has every second reading.
    fn gauge(&self, readings: &[u32], first: usize) -> Turns {
        let turns = readings.iter().enumerate().skip(first).step_by(2);
        let turns =
            turns.map(|(n, &reading)| (n, self.gates[n].clone(), reading)).collect::<Vec<_>>().into_iter();
        Turns { turns, late: self.late.clone() }
    }
}

struct Turns {
    turns: std::vec::IntoIter<(usize, Gate, u32)>,
    late: Arc<Mutex<Vec<usize>>>,
}

impl Gauge for Turns {
    async fn read(&mut self) -> Option<u32> {
        let (n, gate, reading) = self.turns.next()?;
        if timeout(NEVER, gate.wait()).await.is_err() {
            self.late.lock().unwrap().push(n);
        }
        Some(reading)
    }
}

/// Has one reading, behind a gate.
struct Silent {
    gate: Gate,
    reading: Option<u32>,
}

impl Gauge for Silent {
    async fn read(&mut self) -> Option<u32> {
        self.gate.wait().await;
        self.reading.take()
    }
}

/// Needs some rounds for each reading.
struct Slow(std::vec::IntoIter<u32>);

impl Gauge for Slow {
    async fn read(&mut self) -> Option<u32> {
        for _ in 0..5 {
            yield_now().await;
        }
        self.0.next()
    }
}

type End = Result<(), tokio::time::error::Elapsed>;

/// On one thread, by a clock that skips every wait. A panic is explained.
fn run(watching: impl Future<Output = End>) -> End {
    match panic_of(|| vt(watching)) {
        Ok((end, _)) => end,
        Err(text) if text.contains("Cannot block the current thread from within a runtime") => panic!(
            "`blocking_recv` is for a thread that runs no tasks. This one runs all of them, and Tokio does not let you \
             block it.\n{text}"
        ),
        Err(text) if text.contains("can call blocking only when running on the multi-threaded runtime") => {
            panic!(
                "`block_in_place` needs a second worker, which takes over the tasks while this thread blocks. This runtime \
             has one thread, so it panics.\n{text}"
            )
        }
        Err(text) => panic!("`watch` panicked.\n{text}"),
    }
}

fn check_recorded(recorded: &[u32], expected: &[u32]) {
    assert!(
        recorded.len() >= expected.len(),
        "`watch` was done when {} of {} readings had been recorded. An empty channel is not the end: as long as a \
         gauge's task has its sender, a reading may come.",
        recorded.len(),
        expected.len()
    );
    check_eq!(recorded, expected, "What the gauges read is not what was recorded.");
}

fn check_end(end: End) {
    assert!(
        end.is_ok(),
        "All gauges are off, and `watch` still waits. A channel ends when every sender has been dropped; here one is \
         left."
    );
}
