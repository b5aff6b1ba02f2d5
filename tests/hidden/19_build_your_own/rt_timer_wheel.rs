//! Hidden tests of `rt_timer_wheel`: what the wheel returns, when, and how much it looks at for that; and that the executor uses it.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Clock, Executor, Wheel, sleep};
use testkit::{DropLog, Log, allocations, check_eq, pick, stage};

/// A timer is due at its tick: not before, and not later.
#[test]
fn a_timer_is_due_at_its_tick() {
    let far = pick(10_000..=30_000);
    for start in [0, pick(1..=63), pick(64..=5_000)] {
        for distance in [1, 2, 63, 64, 65, 127, 128, 129, 4_095, 4_096, 4_097, 4_160, far] {
            let mut wheel = Wheel::new();
            check_eq!(
                wheel.advance(start),
                Vec::<u64>::new(),
                "The wheel was empty. `advance({start})` returned:"
            );
            let deadline = start + distance;
            wheel.insert(deadline, deadline);
            check_eq!(
                (wheel.len(), wheel.is_empty()),
                (1, false),
                "One timer was inserted. `len` and `is_empty`:"
            );
            // Tick by tick, as far as it goes.
            let mut fired = None;
            for now in start + 1..=deadline + 70_000 {
                let due = wheel.advance(now);
                if !due.is_empty() {
                    fired = Some((now, due));
                    break;
                }
                if now > deadline + 5_000 {
                    break;
                }
            }
            let Some((now, due)) = fired else {
                panic!(
                    "A timer due at tick {deadline}, inserted at tick {start}, had not fired at tick {}.",
                    deadline + 5_000
                );
            };
            check_eq!(due, [deadline], "One timer was in the wheel. `advance({now})` returned:");
            assert!(
                now == deadline,
                "A timer due at tick {deadline}, inserted at tick {start}, fired at tick {now}, with one `advance` for each tick.\n{}",
                if now < deadline {
                    "A timer must never fire early."
                } else {
                    "It has to fire in the `advance` that reaches its tick."
                }
            );
            check_eq!(
                (wheel.len(), wheel.is_empty()),
                (0, true),
                "The only timer has fired. `len` and `is_empty`:"
            );
        }
    }
}

/// One `advance` may skip any number of ticks. What is due comes in the order of the deadlines.
#[test]
fn a_jump_returns_all_that_is_due_in_order() {
    for start in [0, pick(1..=4_000), 262_143] {
        let mut wheel = Wheel::new();
        wheel.advance(start);
        let mut deadlines: Vec<u64> = (0..=35).map(|bit| start + (1 << bit)).collect();
        deadlines.extend((0..200).map(|_| start + pick(1..=300_000)));
        for deadline in deadlines.iter().rev() {
            wheel.insert(*deadline, *deadline);
        }
        deadlines.sort_unstable();
        let jump = start + pick(4_097..=200_000);
        let mut found = Vec::new();
        for now in [start, start + 1, start + 64, start + 4_096, jump, start + 262_144, start + (1 << 36)] {
            let due = wheel.advance(now);
            let (wanted, left): (Vec<_>, Vec<_>) = deadlines
                .iter()
                .filter(|deadline| !found.contains(*deadline))
                .partition(|deadline| **deadline <= now);
            check_eq!(
                due,
                wanted,
                "Timers were inserted at tick {start}, and {} are left. `advance({now})` returned:",
                left.len()
            );
            found.extend(due);
            check_eq!(wheel.len(), left.len(), "After `advance({now})`, `len` said:");
        }
    }
    stage("equal deadlines");
    let mut wheel = Wheel::new();
    let deadline = pick(64..=9_000);
    let count = pick(20..=40);
    // Some are inserted from afar, some when the wheel has turned almost all the way.
    for number in 0..count {
        wheel.insert(deadline, number);
        if number == count / 2 {
            wheel.advance(deadline - 1);
        }
    }
    let wanted: Vec<_> = (0..count).collect();
    check_eq!(
        wheel.advance(deadline),
        wanted,
        "Timers with the same deadline were inserted one after the other. `advance` returned:"
    );
}

/// Deadlines far beyond the last level come, too.
#[test]
fn the_far_future() {
    let far = pick(1 << 36..=1 << 40);
    for deadline in [(1 << 36) - 1, 1 << 36, (1 << 36) + 1, far, 1 << 60, u64::MAX - 1, u64::MAX] {
        let mut wheel = Wheel::new();
        let start = pick(0..=100_000);
        wheel.advance(start);
        wheel.insert(deadline, "far");
        wheel.insert(start + 5, "near");
        check_eq!(
            wheel.advance(start + 5),
            ["near"],
            "Timers were due at ticks {} and {deadline}. At the first, `advance` returned:",
            start + 5
        );
        for now in [start + 100_000, deadline / 2, deadline - 1] {
            let due = wheel.advance(now);
            assert!(
                due.is_empty(),
                "A timer due at tick {deadline} fired at tick {now}. A timer must never fire early."
            );
        }
        check_eq!(
            wheel.len(),
            1,
            "A timer is due at tick {deadline}, and it is tick {}. `len` said:",
            deadline - 1
        );
        check_eq!(
            wheel.advance(deadline),
            ["far"],
            "A timer was due at tick {deadline}. At that tick, `advance` returned:"
        );
    }
    let mut wheel = Wheel::new();
    wheel.advance(u64::MAX);
    wheel.insert(u64::MAX, 1);
    wheel.insert(0, 0);
    check_eq!(wheel.next().is_some(), true, "At the last tick of all, two timers are due. `next` said:");
    check_eq!(
        wheel.advance(u64::MAX),
        [0, 1],
        "At the last tick of all, two timers are due. `advance` returned:"
    );
}

/// A deadline that has passed is due at once, and time does not go back.
#[test]
fn what_is_overdue_comes_next() {
    let mut wheel = Wheel::new();
    let now = pick(100..=9_999);
    wheel.advance(now);
    for deadline in [now, 0, now - 1, now - 70, now] {
        wheel.insert(deadline, deadline);
    }
    let next = wheel.next();
    assert!(
        next.is_some_and(|next| next <= now),
        "It is tick {now}, and timers that are due by now were inserted. `next` said {next:?}: nobody would look before that."
    );
    check_eq!(
        wheel.advance(now),
        [0, now - 70, now - 1, now, now],
        "It was tick {now}, and timers that were due by then were inserted. The next `advance({now})` returned:"
    );
    let later = wheel.insert(now + 3, now + 3);
    wheel.insert(now - 50, now - 50);
    check_eq!(
        wheel.advance(now - 20),
        [now - 50],
        "It was tick {now}, and somebody called `advance({})`. It returned:",
        now - 20
    );
    check_eq!(
        wheel.remove(later),
        Some(now + 3),
        "A timer waited, time went back a little, and `remove` gave:"
    );
    check_eq!(wheel.advance(0), Vec::<u64>::new(), "The wheel was empty. `advance(0)` returned:");
}

/// `remove` takes out that timer, wherever it stands by now, and no other.
#[test]
fn remove_takes_out_one_timer() {
    for distance in [0, 1, 63, 64, 5_000, 1 << 30, 1 << 38, u64::MAX - 20_000] {
        let mut wheel = Wheel::new();
        let start = pick(0..=9_999);
        wheel.advance(start);
        let keys = [0, 1, 2].map(|number| wheel.insert(start + distance, number));
        if distance > 0 {
            // It cascades on its way.
            for step in [1, 2, 8, 64] {
                wheel.advance(start + distance - 1 - (distance - 1) / step);
            }
        }
        check_eq!(
            wheel.remove(keys[1]),
            Some(1),
            "Three timers had the deadline {}. `remove` of the second gave:",
            start + distance
        );
        check_eq!(
            wheel.remove(keys[1]),
            None,
            "A timer was removed, and removed again. The second time, `remove` gave:"
        );
        check_eq!(wheel.len(), 2, "One of three timers was removed. `len` said:");
        check_eq!(
            wheel.advance(start + distance),
            [0, 2],
            "One of three timers was removed, and the time has come. `advance` returned:"
        );
        check_eq!(wheel.remove(keys[0]), None, "A timer had fired, and was removed. `remove` gave:");
        let again = wheel.insert(start + distance, 7);
        assert!(!keys.contains(&again), "A new timer has the key of one that is over: {again:?}.");
        check_eq!(
            wheel.remove(keys[2]),
            None,
            "A timer had fired, another one was inserted, and the first was removed. `remove` gave:"
        );
        check_eq!(
            wheel.remove(again),
            Some(7),
            "A timer with a deadline that had passed was inserted and removed. `remove` gave:"
        );
        check_eq!((wheel.len(), wheel.next()), (0, None), "All timers are gone. `len` and `next`:");
    }
    fn is_key<K: Copy + Eq + Hash + Debug>(_: K) {}
    is_key(Wheel::new().insert(3, ()));

    stage("values are dropped with the wheel");
    let (log, mut wheel) = (Log::new(), Wheel::default());
    for deadline in [0, 5, 500, u64::MAX] {
        wheel.insert(deadline, DropLog::new(&log, "value"));
    }
    drop(wheel.advance(5));
    check_eq!(log.count("dropped value"), 2, "Two of four values were due and dropped. Dropped so far:");
    drop(wheel);
    check_eq!(log.count("dropped value"), 4, "The wheel was dropped with two values. Dropped so far:");
}

/// `next` leads to each deadline, in a few steps, and never beyond one.
#[test]
fn next_leads_to_the_deadline() {
    for distance in [1, 63, 64, 65, 4_096, pick(5_000..=1 << 20), pick(1 << 30..=1 << 35)] {
        let mut wheel = Wheel::new();
        let start = pick(0..=1 << 20);
        wheel.advance(start);
        check_eq!(wheel.next(), None, "The wheel is empty. `next` said:");
        let deadline = start + distance;
        wheel.insert(deadline, ());
        let mut at = start;
        let mut steps = 0;
        loop {
            let next = wheel.next().unwrap_or_else(|| {
                panic!("It is tick {at}, a timer is due at tick {deadline}, and `next` said `None`: nobody would look again.")
            });
            assert!(
                next <= deadline,
                "It is tick {at}, a timer is due at tick {deadline}, and `next` said {next}: an executor that parks until then is late."
            );
            assert!(
                next > at,
                "It is tick {at}, and nothing is due. `next` said {next}: an executor that parks until then does not park at all."
            );
            at = next;
            steps += 1;
            if !wheel.advance(at).is_empty() {
                break;
            }
            assert!(
                steps < 8,
                "A timer was inserted at tick {start} and is due at tick {deadline}. Following `next`, you get there in more than 8 steps. \
                 Each step is a thread that gets up."
            );
        }
        check_eq!(at, deadline, "Following `next` step by step, the timer fired at tick:");
        check_eq!(wheel.next(), None, "The only timer has fired. `next` said:");
    }
    let mut wheel = Wheel::new();
    let near = wheel.insert(70, 'a');
    wheel.insert(90_000, 'b');
    wheel.remove(near);
    let next = wheel.next().expect("`next` was `None` with a timer in the wheel");
    assert!(
        next > 4_000,
        "Timers were due at ticks 70 and 90,000, and the first was removed. `next` said {next}: nobody waits for that."
    );
}

/// The wheel looks at what is due and at what cascades, however many slots and ticks there are.
#[test]
fn it_touches_little() {
    let cost = |what: &str, wheel: &mut Wheel<u64>, most: u64, work: &dyn Fn(&mut Wheel<u64>)| {
        let before = wheel.touched();
        work(wheel);
        let touched = wheel.touched() - before;
        assert!(
            touched <= most,
            "Touched {touched} entries and slots: {what}.\nWith a bit for each slot that is occupied, and a jump to the time that \
             has come, it takes {most} at most."
        );
        touched
    };
    let far = pick(1 << 28..=1 << 32);
    let mut wheel = Wheel::new();
    cost("for a jump of many ticks in an empty wheel", &mut wheel, 24, &|wheel| drop(wheel.advance(far)));
    let counted = cost("for one timer and one jump to it", &mut wheel, 24, &|wheel| {
        wheel.insert(far + 100_000, 0);
        assert!(wheel.advance(far + 100_000) == [0]);
    });
    assert!(counted > 0, "A timer was inserted and fired, and `touched` did not count that.");
    wheel.insert(far + (1 << 25), 1);
    let ticks = 1_000;
    cost("for 1,000 ticks, while one timer waits for a later one", &mut wheel, ticks * 8, &|wheel| {
        for tick in 1..=ticks {
            assert!(wheel.advance(far + 100_000 + tick).is_empty());
        }
    });
    let count = 2_000;
    cost(
        "for 2,000 timers, each inserted and removed while 2,000 others wait",
        &mut wheel,
        12 * count,
        &|wheel| {
            let at = far + 102_000;
            let keys: Vec<_> = (0..count).map(|number| wheel.insert(at + 64 * number, number)).collect();
            for key in keys {
                wheel.remove(key);
            }
        },
    );
    let mut wheel = Wheel::new();
    cost(
        "for 2,000 timers that wait for a long time, in small steps",
        &mut wheel,
        12 * count + 8 * 4_000,
        &|wheel| {
            for number in 0..count {
                wheel.insert(300_000 + number, number);
            }
            let mut due = 0;
            for step in 1..=4_000 {
                due += wheel.advance(76 * step).len();
            }
            check_eq!(
                due,
                2_000,
                "2,000 timers were due, and `advance` went past them in small steps. Number of timers that fired:"
            );
        },
    );
    stage("timers that are removed leave nothing");
    let mut wheel = Wheel::new();
    wheel.insert(1 << 30, 0);
    let (_, memory) = allocations(|| {
        for number in 0..4_000 {
            let key = wheel.insert(100_000 + number, number);
            wheel.remove(key);
        }
    });
    assert!(
        memory.kept <= 64 * 1024,
        "4,000 timers were inserted and removed, one after the other, and {} bytes of memory are kept.\nA timer that was \
         removed must not stay until its deadline.",
        memory.kept
    );
}

/// Many thousand steps at random, beside a sorted map.
#[test]
fn it_behaves_like_a_sorted_map() {
    for round in 0..4_u64 {
        let mut random = Random(pick(0..=u64::MAX));
        let (mut wheel, mut model, mut now) = (Wheel::new(), BTreeMap::new(), 0);
        let mut waiting: Vec<(u64, u64)> = Vec::new();
        let mut keys = BTreeMap::new();
        let mut seen = HashSet::new();
        for number in 0..2_500 {
            match random.below(10) {
                0..=4 => {
                    let distance = random.distance();
                    let deadline = match random.below(20) {
                        0 => now - distance.min(now),
                        _ => now.saturating_add(distance),
                    };
                    let key = wheel.insert(deadline, number);
                    assert!(seen.insert(key), "Two timers have got the same key, {key:?}.");
                    keys.insert(number, key);
                    model.insert((deadline, number), ());
                    waiting.push((deadline, number));
                }
                5..=6 if !waiting.is_empty() => {
                    let (deadline, number) = waiting.swap_remove(random.below(waiting.len() as u64) as usize);
                    let wanted = model.remove(&(deadline, number)).map(|()| number);
                    check_eq!(
                        wheel.remove(keys[&number]),
                        wanted,
                        "It was tick {now}. `remove` of a timer for tick {deadline} gave:"
                    );
                }
                choice => {
                    // The last round goes on in jumps of any size.
                    now = match (choice, wheel.next()) {
                        (7, Some(next)) => next.max(now),
                        _ if round == 3 => now.saturating_add(random.distance() >> 8),
                        _ => now + random.below(200),
                    };
                    let due = wheel.advance(now);
                    let later = model.split_off(&(now, u64::MAX));
                    let wanted: Vec<_> =
                        std::mem::replace(&mut model, later).into_keys().map(|(_, number)| number).collect();
                    check_eq!(due, wanted, "`advance({now})`, after {number} random steps, returned:");
                }
            }
            check_eq!(
                wheel.len(),
                model.len(),
                "It was tick {now}, after {number} random steps. `len` said:"
            );
            let first = model.first_key_value().map(|((deadline, _), ())| *deadline);
            match (wheel.next(), first) {
                (None, None) => {}
                (Some(next), Some(first)) => assert!(
                    next <= first.max(now) && (next > now || first <= now),
                    "It is tick {now}, and the next deadline is tick {first}. `next` said {next}."
                ),
                (next, first) => {
                    panic!("It is tick {now}, and the next deadline is {first:?}. `next` said {next:?}.")
                }
            }
        }
        check_eq!(
            wheel.advance(u64::MAX).len(),
            model.len(),
            "`advance` to the last tick of all returned so many:"
        );
    }
}

/// The executor's timers go by ticks of 1 ms: sleeps that end in the same one share a park.
#[test]
fn the_executor_counts_in_ticks() {
    let clock = Arc::new(TestClock::default());
    let executor = Executor::with_clock(clock.clone());
    let tick = pick(2..=40);
    let ended = Arc::new(Mutex::new(Vec::new()));
    let start = Duration::from_millis(tick - 1);
    for micros in [1, 400, 999, 1_000] {
        let (ended, clock) = (ended.clone(), clock.clone());
        let time = start + Duration::from_micros(micros);
        executor.spawn(async move {
            sleep(time).await;
            ended.lock().unwrap().push((time, clock.now()));
        });
    }
    executor.run();
    let wanted = Duration::from_millis(tick);
    for (time, at) in ended.lock().unwrap().iter() {
        assert!(
            at >= time,
            "`sleep({time:?})` was over when the clock said {at:?}: too early. A deadline between two ticks is rounded up."
        );
        assert!(
            *at == wanted,
            "`sleep({time:?})` was over when the clock said {at:?}. With ticks of 1 ms it ends at {wanted:?}, together with the others \
             of that tick. Do the executor's timers use the wheel?"
        );
    }
    check_eq!(
        ended.lock().unwrap().len(),
        4,
        "Four tasks slept, and not all of them went on. Number of tasks that did:"
    );
    check_eq!(executor.timers(), 0, "All sleeps are over. `timers` said:");
}

/// A clock that goes on when the executor has nothing to do, and then at once.
#[derive(Default)]
struct TestClock {
    now: Mutex<Duration>,
    /// How often somebody has asked since it went on.
    asked: AtomicUsize,
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        let (now, asked) = (*self.now.lock().unwrap(), self.asked.fetch_add(1, Ordering::SeqCst));
        assert!(
            asked < 2_000,
            "Your executor goes in circles: it is {now:?}, it asks the clock again and again, and never parks. A timer that has fired \
             too early waits for a tick that is over already; a deadline between two ticks has to be rounded up."
        );
        now
    }

    fn idle(&self, until_next: Duration) -> Duration {
        *self.now.lock().unwrap() += until_next;
        self.asked.store(0, Ordering::SeqCst);
        Duration::ZERO
    }
}

/// Random numbers, the same ones for the same seed.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = self.0 ^ (self.0 >> 31);
        x.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (x >> 29)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Of any size: most are small.
    fn distance(&mut self) -> u64 {
        let bits = match self.below(8) {
            0 => self.below(65),
            1..=3 => self.below(24),
            _ => self.below(13),
        };
        self.next().checked_shr(64 - bits as u32).unwrap_or(0)
    }
}
