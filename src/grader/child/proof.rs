//! What proves that a test hangs, long before its limit.
//!
//! Two bounds that do not depend on how busy the machine is: a test that has used far more CPU time than any right answer needs,
//! and one whose threads are all asleep with no end of their sleep set, so that only they could wake each other. A thread that waits
//! for a CPU is not asleep, so a starved test proves nothing. Where the system does not tell what threads do, the limit decides.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::hang::Sample;
use crate::system::look::Stillness;
use crate::system::waits::Alarm;
use crate::verdict::HangKind;

/// What a hanging test is told by.
#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// CPU time of all its threads together.
    pub(crate) cpu: Duration,
    /// How long all of its threads must have been asleep.
    pub(crate) asleep: Duration,
    /// How long all of its threads may have been asleep until the clock woke one, all in all; `None` as long as they like.
    pub(crate) clock: Option<Duration>,
    /// What it is doing.
    pub(crate) phase: Arc<Phase>,
    /// Whether another test of the same submission was proven to hang.
    pub(crate) company: Arc<Company>,
}

/// What the tests of one submission share. Once one of them is proven to hang the verdict is known, and the others need not burn
/// the CPU for as long until they are told the same.
#[derive(Debug, Default)]
pub(crate) struct Company {
    hangs: AtomicBool,
    /// How many tests have been looked at, which numbers them from 1.
    members: AtomicU64,
    /// The number of the test that is let through first; 0 if none is.
    front: AtomicU64,
}

/// Part of the CPU time that proves a hang beside one that is proven.
const BESIDE_A_HANG: u32 = 8;

/// Part of the CPU time that few right answers use. Once a test has used that much, the others of its submission that keep a core
/// busy let it through: one hang is proven after a second, and not five after two and a half.
const SUSPECT: u32 = 10;

/// Part of the CPU time that makes a test one of those that keep a core busy.
const BUSY: u32 = 20;

impl Bounds {
    /// The CPU seconds after which the kernel ends the test by itself.
    pub(crate) fn net(&self) -> u64 {
        self.cpu.as_secs() + 2
    }
}

/// Looks in a row that must find the same sleep. A grader that was itself kept from running has not looked meanwhile.
const LOOKS: u32 = 4;

/// So many times as long must they have been asleep where the system does not tell whether the clock will wake one.
const UNSEEN: u32 = 8;

/// Whether a test runs by itself, and its sleep is its own: from the start, while the system reads the program from a disk, it does
/// not, nor while it waits for the grader.
#[derive(Debug, Default)]
pub(crate) struct Phase(AtomicBool);

impl Phase {
    /// It has begun to run.
    pub(crate) fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// It waits for the grader from now on, or does not any more.
    pub(crate) fn serve(&self, served: bool) {
        self.0.store(!served, Ordering::Relaxed);
    }

    fn runs(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What was proven of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proven {
    Hang(HangKind),
    /// It waits for the machine's clock, and has for too long.
    Waits,
}

/// The longest time between two looks that counts as a sleep: a grader that was itself kept from running has not looked meanwhile.
const GAP: Duration = Duration::from_millis(200);

/// What has been seen of one test.
#[derive(Debug)]
pub(super) struct Proof {
    bounds: Bounds,
    asleep: Option<Asleep>,
    /// The last look, if it found all threads asleep until the clock wakes one, and how long they were in all.
    set: Option<Duration>,
    waited: Duration,
    /// Its number in its company.
    number: u64,
    /// It lets another one through.
    yields: bool,
}

/// A sleep that has been seen.
#[derive(Debug)]
struct Asleep {
    since: Duration,
    looks: u32,
    stillness: Stillness,
}

impl Proof {
    pub(super) fn new(bounds: Bounds) -> Self {
        let number = bounds.company.members.fetch_add(1, Ordering::Relaxed) + 1;
        Self { bounds, asleep: None, set: None, waited: Duration::ZERO, number, yields: false }
    }

    /// See [`Bounds::net`].
    pub(super) fn net(&self) -> u64 {
        self.bounds.net()
    }

    /// Adds a look, so long after the start. Says what it proves, if it does.
    pub(super) fn look(&mut self, at: Duration, sample: &Sample) -> Option<Proven> {
        if let Some(kind) = self.proven(at, sample) {
            self.bounds.company.hangs.store(true, Ordering::Relaxed);
            return Some(Proven::Hang(kind));
        }
        self.waits(at, sample).then_some(Proven::Waits)
    }

    /// Adds what it waits for the clock. A thread that waits for a CPU is not asleep, so a busy machine adds nothing.
    fn waits(&mut self, at: Duration, sample: &Sample) -> bool {
        let Some(longest) = self.bounds.clock else { return false };
        let is_set = |still: &Stillness| self.bounds.phase.runs() && still.alarm == Alarm::Set;
        let now = sample.stillness.as_ref().filter(|still| is_set(still)).map(|_| at);
        if let (Some(before), Some(now)) = (self.set, now) {
            self.waited += now.saturating_sub(before).min(GAP);
        }
        self.set = now;
        self.waited >= longest
    }

    /// Whether the test should let another one of its submission through from now on: said once.
    pub(super) fn must_yield(&mut self, sample: &Sample) -> bool {
        let Bounds { cpu, company, .. } = &self.bounds;
        if self.yields || sample.cpu < *cpu / BUSY {
            return false;
        }
        let front = if sample.cpu >= *cpu / SUSPECT {
            company
                .front
                .compare_exchange(0, self.number, Ordering::Relaxed, Ordering::Relaxed)
                .unwrap_or_else(|front| front)
        } else {
            company.front.load(Ordering::Relaxed)
        };
        self.yields = front != 0 && front != self.number;
        self.yields
    }

    fn proven(&mut self, at: Duration, sample: &Sample) -> Option<HangKind> {
        let Bounds { cpu, asleep: long, phase, company, .. } = &self.bounds;
        let part = if company.hangs.load(Ordering::Relaxed) { BESIDE_A_HANG } else { 1 };
        if sample.cpu >= *cpu / part {
            return Some(HangKind::Spinning);
        }
        let stillness = sample.stillness.filter(|still| phase.runs() && still.alarm != Alarm::Set);
        match (&mut self.asleep, stillness) {
            (Some(asleep), Some(stillness)) if asleep.stillness == stillness => {
                asleep.looks += 1;
                let long = if stillness.alarm == Alarm::None { *long } else { UNSEEN * *long };
                let is_long = at.saturating_sub(asleep.since) >= long;
                (is_long && asleep.looks >= LOOKS).then_some(HangKind::Parked)
            }
            (asleep, stillness) => {
                *asleep = stillness.map(|stillness| Asleep { since: at, looks: 1, stillness });
                None
            }
        }
    }
}

impl Drop for Proof {
    fn drop(&mut self) {
        // Its place is free: it has ended, or nobody waits for it.
        let front = &self.bounds.company.front;
        let _ = front.compare_exchange(self.number, 0, Ordering::Relaxed, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn proof() -> Proof {
        let phase = Arc::new(Phase::default());
        phase.begin();
        Proof::new(Bounds { cpu: 1000 * MS, asleep: 300 * MS, clock: None, phase, company: Arc::default() })
    }

    /// A look at two threads that have run for so long; asleep, unless they have had no turn.
    fn seen(cpu: u32, turns: u64) -> Sample {
        let cpu = cpu * MS;
        let stillness = (turns > 0).then_some(Stillness { threads: 2, ran: cpu, turns, alarm: Alarm::None });
        Sample { cpu, processes: vec![7], threads: 2, runnable: Some(0), stillness }
    }

    /// What looks every tenth of a second prove, and which of them does.
    fn proven(proof: &mut Proof, looks: impl IntoIterator<Item = Sample>) -> Option<(u32, HangKind)> {
        (1..).zip(looks).find_map(|(look, sample)| match proof.look(100 * look * MS, &sample)? {
            Proven::Hang(kind) => Some((look, kind)),
            Proven::Waits => panic!("it may wait as long as it likes"),
        })
    }

    #[test]
    fn one_sleep_that_nothing_ends_is_a_hang() {
        assert_eq!(proven(&mut proof(), vec![seen(3, 9); 9]), Some((4, HangKind::Parked)));
    }

    #[test]
    fn a_second_of_cpu_time_is_a_hang_however_long_it_took() {
        let starved = (1..).map(|look| seen(look * 10, 0));
        assert_eq!(proven(&mut proof(), starved), Some((100, HangKind::Spinning)));
    }

    #[test]
    fn beside_a_hang_the_next_is_told_sooner() {
        let mut first = proof();
        let mut next = proof();
        next.bounds.company = Arc::clone(&first.bounds.company);
        assert_eq!(next.look(100 * MS, &seen(500, 0)), None);
        assert_eq!(first.look(100 * MS, &seen(1000, 0)), Some(Proven::Hang(HangKind::Spinning)));
        assert_eq!(next.look(200 * MS, &seen(500, 0)), Some(Proven::Hang(HangKind::Spinning)));
        next.bounds.company = Arc::default();
        assert_eq!(next.look(300 * MS, &seen(500, 0)), None);
    }

    #[test]
    fn one_that_is_suspect_goes_first_and_those_that_are_busy_yield_once() {
        let mut first = proof();
        let mut next = proof();
        next.bounds.company = Arc::clone(&first.bounds.company);
        next.number = 2;
        first.number = 1;
        assert!(!first.must_yield(&seen(99, 0)) && !next.must_yield(&seen(99, 0)), "neither is suspect");
        assert!(!first.must_yield(&seen(100, 0)));
        assert!(!next.must_yield(&seen(49, 0)), "it is not busy");
        assert!(next.must_yield(&seen(300, 0)));
        assert!(!next.must_yield(&seen(400, 0)), "it was told");
        drop(first);
        next.yields = false;
        assert!(!next.must_yield(&seen(500, 0)), "nobody is in front of it");
    }

    #[test]
    fn a_turn_between_two_looks_ends_a_sleep() {
        let naps = (1..=50).map(|look| seen(3, 1 + look / 3));
        assert_eq!(proven(&mut proof(), naps), None);
    }

    #[test]
    fn a_thread_that_waits_for_a_cpu_is_not_asleep() {
        let starved = (1..=300).map(|look| seen(3, u64::from(look % 4 != 0)));
        assert_eq!(proven(&mut proof(), starved), None);
    }

    #[test]
    fn a_grader_that_did_not_look_has_seen_no_sleep() {
        let mut proof = proof();
        for look in 1..4 {
            assert_eq!(proof.look(30_000 * look * MS, &seen(3, 9)), None);
        }
        assert_eq!(proof.look(120_000 * MS, &seen(3, 9)), Some(Proven::Hang(HangKind::Parked)));
    }

    #[test]
    fn what_has_not_begun_or_waits_for_the_grader_does_not_hang() {
        let mut proof = proof();
        let phase = Arc::clone(&proof.bounds.phase);
        phase.serve(true);
        assert_eq!(proven(&mut proof, vec![seen(3, 9); 50]), None);
        phase.serve(false);
        assert_eq!(proven(&mut proof, vec![seen(3, 10); 50]), Some((4, HangKind::Parked)));
        proof.bounds.phase = Arc::default();
        assert_eq!(proven(&mut proof, vec![seen(3, 11); 50]), None);
    }

    #[test]
    fn one_whom_the_clock_will_wake_does_not_hang() {
        let asleep = |alarm| {
            let seen = seen(3, 9);
            vec![Sample { stillness: seen.stillness.map(|still| Stillness { alarm, ..still }), ..seen }; 50]
        };
        assert_eq!(proven(&mut proof(), asleep(Alarm::Set)), None);
        assert_eq!(proven(&mut proof(), asleep(Alarm::Unknown)), Some((25, HangKind::Parked)));
    }

    #[test]
    fn one_that_sleeps_by_the_clock_for_too_long_waits_however_often_it_gets_up() {
        let asleep = |turns| {
            let seen = seen(3, turns);
            Sample { stillness: seen.stillness.map(|still| Stillness { alarm: Alarm::Set, ..still }), ..seen }
        };
        let proof = || {
            let mut proof = proof();
            proof.bounds.clock = Some(2000 * MS);
            proof
        };
        let first = |mut proof: Proof, looks: &mut dyn Iterator<Item = Sample>| {
            (1..).zip(looks).find(|(look, sample)| proof.look(100 * *look * MS, sample).is_some())
        };
        let waits = first(proof(), &mut (1..100).map(asleep)).map(|(look, _)| look);
        assert_eq!(waits, Some(21));
        // It runs, or waits for a CPU, at every other look.
        assert!(
            first(proof(), &mut (1..100).map(|look| if look % 2 == 0 { asleep(1) } else { seen(3, 0) }))
                .is_none()
        );
        let mut rarely = proof();
        for look in 1..=10 {
            assert_eq!(rarely.look(60_000 * look * MS, &asleep(1)), None, "the grader has not looked");
        }
        assert_eq!(rarely.look(660_000 * MS, &asleep(1)), Some(Proven::Waits));
    }

    #[test]
    fn where_the_system_does_not_tell_only_the_cpu_time_decides() {
        assert_eq!(proven(&mut proof(), vec![Sample { stillness: None, ..seen(3, 9) }; 50]), None);
        let spins = Sample { cpu: 1500 * MS, ..Sample::default() };
        assert_eq!(proven(&mut proof(), [spins]), Some((1, HangKind::Spinning)));
    }
}
