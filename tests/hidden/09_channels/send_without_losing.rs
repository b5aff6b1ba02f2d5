//! Hidden tests of `send_without_losing`: where each payment is, when the alarm is called, and what becomes of the rest when
//! `forward` is dropped or the auditor is gone.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::time::Duration;

use exercise::{Closed, forward};
use testkit::{
    Copies, Counted, Log, Timeline, Unrest, check_eq, handed_on, in_words, panic_of, pick, side_by_side,
    silence, stage, to_its_end, vt,
};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

/// However long the auditor is away, every payment arrives: once, in order, and never copied.
#[test]
fn none_is_lost_while_the_auditor_is_away() {
    for (patience, breaks) in [(millis(), 5), (long(), 1), (Duration::from_secs(pick(60..=90)), 40)] {
        let (office, places) = (Office::new(), pick(1..=3) as usize);
        let away = patience * breaks + patience / 2;
        stage(format!(
            "the auditor is away for {}, and `patience` is {}",
            in_words(away),
            in_words(patience)
        ));
        let (queue, desk) = mpsc::channel::<Payment>(places);
        let mut payments = office.payments(8);
        let auditor = office.auditor(desk, away, away);
        let outcome = office.run(async {
            // Two breaks: before the first payment, and after the third.
            let auditor = tokio::spawn(auditor);
            let outcome = office.forward(&mut payments, &queue, patience).await;
            drop(queue);
            auditor.await.expect("auditing does not panic");
            outcome
        });
        office.check_all(8, &payments);
        check_eq!(outcome, Ok(()), "All 8 payments were in the queue, and `forward` returned {outcome:?}.");
    }
}

/// `alarm` is called each time that a payment has waited for another `patience`, and at no other time.
#[test]
fn the_alarm_tells_how_long_a_payment_has_waited() {
    for third in [pick(30..=300), pick(70_000_000..=90_000_000)].map(Duration::from_millis) {
        let (office, patience) = (Office::new(), third * 3);
        // The first payment finds a place; the others wait for 3 1/3, 1/3, 2/3, 1/3 and 1 2/3 times `patience`.
        let waits = [10, 1, 2, 1, 5];
        stage(format!("payments wait for different times, and `patience` is {}", in_words(patience)));
        let (queue, mut desk) = mpsc::channel::<Payment>(1);
        let mut payments = office.payments(6);
        let outcome = office.run(async {
            let received = office.received.clone();
            let auditor = tokio::spawn(async move {
                for wait in waits {
                    sleep(third * wait).await;
                    if let Some(payment) = desk.recv().await {
                        received.push(payment.audited());
                    }
                }
                desk
            });
            let outcome = office.forward(&mut payments, &queue, patience).await;
            drop(queue);
            let mut desk = auditor.await.expect("auditing does not panic");
            while let Some(payment) = desk.recv().await {
                office.received.push(payment.audited());
            }
            outcome
        });
        office.check_all(6, &payments);
        let (mut due, mut since) = (Vec::new(), Duration::ZERO);
        for wait in waits {
            due.extend(
                (1_u32..)
                    .map(|n| n * patience)
                    .take_while(|late| *late < third * wait)
                    .map(|late| since + late),
            );
            since += third * wait;
        }
        let alarms: Vec<Duration> = office.alarms.timed().into_iter().map(|(_, at)| at).collect();
        let said = |times: &[Duration]| {
            let times: Vec<_> = times.iter().map(|time| in_words(*time)).collect();
            if times.is_empty() { "never".to_owned() } else { format!("after {}", times.join(", ")) }
        };
        let close = |(found, due): (&Duration, &Duration)| found.abs_diff(*due) < GRAIN;
        assert!(
            alarms.len() == due.len() && alarms.iter().zip(&due).all(close),
            "`patience` is {}, and five payments waited for {}. The alarm was due {}, and it was called {}. Each payment's wait \
             counts for itself, from its beginning.",
            in_words(patience),
            waits.map(|wait| in_words(third * wait)).join(", "),
            said(&due),
            said(&alarms)
        );
        check_eq!(outcome, Ok(()), "All 6 payments were in the queue, and `forward` returned {outcome:?}.");
    }
}

/// When `forward` is dropped, all payments that are not in the queue are in `payments`, in their order.
#[test]
fn a_dropped_forward_leaves_the_rest() {
    // Dropped before the alarm, after it, after many, and in its first poll.
    for (thirds, places) in [(1, 2), (4, 1), (3 * 9 + 1, 3), (0, 2)] {
        let office = Office::new();
        let patience = Duration::from_millis(30 * pick(10..=40));
        let after = patience / 3 * thirds;
        stage(format!(
            "`forward` is dropped after {}, and `patience` is {}",
            in_words(after),
            in_words(patience)
        ));
        let (queue, desk) = mpsc::channel::<Payment>(places);
        let mut payments = office.payments(7);
        office.run(async {
            let dropped = timeout(after, office.forward(&mut payments, &queue, patience)).await;
            assert!(
                dropped.is_err(),
                "Nobody took a payment out of the queue, which has {places} places, and `forward` returned {:?} with 7 payments.",
                dropped.expect("it is no error")
            );
        });
        let said = format!(
            "`forward` was dropped after {}, while payment {} waited for a place",
            in_words(after),
            places + 1
        );
        office.check_rest(&said, 7, places, &payments);

        // The rest can be forwarded later.
        let outcome = office.run(async {
            let auditor = tokio::spawn(office.auditor(desk, Duration::from_secs(1), Duration::ZERO));
            let outcome = office.forward(&mut payments, &queue, patience).await;
            drop(queue);
            auditor.await.expect("auditing does not panic");
            outcome
        });
        office.check_all(7, &payments);
        check_eq!(
            outcome,
            Ok(()),
            "The rest was in the queue, and the second `forward` returned {outcome:?}."
        );
    }

    stage("`alarm` panics");
    let office = Office::new();
    let (queue, _desk) = mpsc::channel::<Payment>(2);
    let mut payments = office.payments(5);
    let run = panic_of(|| {
        // hermetic: the panic is what is tested
        let alarm = || -> () { resume_unwind(Box::new("the alarm is broken")) };
        vt(to_its_end(POLLS, forward(&mut payments, &queue, Duration::from_millis(50), alarm)))
    });
    if run.is_err() {
        office.check_rest("`alarm` panicked, while payment 3 waited for a place", 5, 2, &payments);
    }
}

/// Without an auditor, `forward` returns `Closed` at once, and what is not in the queue stays in `payments`.
#[test]
fn without_an_auditor_the_rest_stays() {
    // Gone before the beginning, while a payment waits, and after one alarm or several.
    for (thirds, places) in [(0, 2), (1, 2), (10, 1), (5, 3)] {
        let office = Office::new();
        let patience = Duration::from_millis(30 * pick(10..=40));
        let leaves = patience / 3 * thirds;
        stage(format!(
            "the auditor leaves after {}, and `patience` is {}",
            in_words(leaves),
            in_words(patience)
        ));
        let (queue, desk) = mpsc::channel::<Payment>(places);
        let mut payments = office.payments(7);
        let (outcome, at) = office.run(async {
            let mut desk = Some(desk);
            if leaves.is_zero() {
                desk = None;
            }
            let auditor = tokio::spawn(async move {
                sleep(leaves).await;
                if let Some(mut desk) = desk.take() {
                    desk.close();
                    while let Some(payment) = desk.recv().await {
                        let _ = payment.audited();
                    }
                }
            });
            let start = tokio::time::Instant::now();
            let outcome = office.forward(&mut payments, &queue, patience).await;
            let at = start.elapsed();
            auditor.await.expect("auditing does not panic");
            (outcome, at)
        });
        let queued = if leaves.is_zero() { 0 } else { places };
        let said = format!(
            "The auditor left after {}, and payment {} had no place yet",
            in_words(leaves),
            queued + 1
        );
        check_eq!(
            outcome,
            Err(Closed),
            "{said}: `forward` returned {outcome:?}. Without an auditor that is `Closed`."
        );
        office.check_rest(&said, 7, queued, &payments);
        assert!(
            at < leaves + GRAIN,
            "The auditor left after {}, and `forward` returned `Closed` {} later. It waits for a place that will not come.",
            in_words(leaves),
            in_words(at - leaves)
        );
    }
}

/// A place is taken as soon as there is one, also where others send; and nobody asks for one again and again.
#[test]
fn a_place_is_taken_at_once() {
    let (office, places) = (Office::new(), 3);
    let (queue, mut desk) = mpsc::channel::<Payment>(places);
    let mut payments = office.payments(9);
    stage("the queue is full for a month, and then there is one place at a time");
    let (quiet, free) = office.run(async {
        let watch = async {
            turns().await;
            let quiet = silence().await;
            let mut free = Vec::new();
            for _ in 0..6 {
                if let Some(payment) = desk.recv().await {
                    office.received.push(payment.audited());
                }
                turns().await;
                free.push(places - desk.len());
            }
            while let Ok(payment) = desk.try_recv() {
                office.received.push(payment.audited());
            }
            (quiet, free)
        };
        // No alarm within a month.
        tokio::join!(office.forward(&mut payments, &queue, long()), watch).1
    });
    match quiet {
        Ok(()) => {}
        Err(Unrest::Naps(time)) => panic!(
            "The queue was full, and `forward` kept waking up within {} to look for a place. {ASKS}",
            in_words(time)
        ),
        Err(_) => panic!("The queue was full, and `forward` did not come to rest. {ASKS}"),
    }
    let late = free.iter().position(|free| *free > 0);
    if let Some(n) = late {
        panic!(
            "The auditor had taken {} payments out, one at a time, and {} of {places} places were free, while payments were waiting. A place \
             is taken as soon as there is one.",
            n + 1,
            free[n]
        );
    }
    office.check_all(9, &payments);

    stage("somebody else sends into the same queue");
    let (office, (queue, desk)) = (Office::new(), mpsc::channel::<Payment>(1));
    let mut payments = office.payments(5);
    let others = Office::new();
    office.run(async {
        let auditor = tokio::spawn(office.auditor(desk, Duration::from_secs(5), Duration::ZERO));
        let other = {
            let (queue, mut theirs) = (queue.clone(), others.payments(5));
            theirs.iter_mut().for_each(|payment| payment.foreign = true);
            tokio::spawn(async move {
                for payment in theirs {
                    // Both stand in line whenever a place becomes free.
                    queue.send(payment).await.map_err(drop).expect("the auditor is there");
                }
            })
        };
        let outcome = office.forward(&mut payments, &queue, Duration::from_millis(pick(1_100..=1_900))).await;
        drop(queue);
        other.await.expect("the other sender does not panic");
        auditor.await.expect("auditing does not panic");
        outcome.expect("the auditor is there");
    });
    office.check_all(5, &payments);
}

/// None, one, thousands, and none of them has to wait for long.
#[test]
fn any_number_of_payments_is_forwarded() {
    for (count, places) in [(0, 1), (1, 1), (2, 5), (1_000, 1), (1_000, 64)] {
        stage(format!("there are {count} payments, and the queue has {places} places"));
        let office = Office::new();
        let (queue, desk) = mpsc::channel::<Payment>(places);
        let mut payments = office.payments(count);
        let outcome = office.run(async {
            let auditor = tokio::spawn(office.auditor(desk, Duration::ZERO, Duration::ZERO));
            let outcome = office.forward(&mut payments, &queue, millis()).await;
            drop(queue);
            auditor.await.expect("auditing does not panic");
            outcome
        });
        office.check_all(count, &payments);
        check_eq!(
            outcome,
            Ok(()),
            "All {count} payments were in the queue, and `forward` returned {outcome:?}."
        );
        check_eq!(
            office.alarms.len(),
            0,
            "No payment had to wait for as long as a millisecond, and the alarm was called {} times.",
            office.alarms.len()
        );
    }
}

/// `forward` may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let office = Office::new();
    let (queue, desk) = mpsc::channel::<Payment>(2);
    let mut payments = office.payments(6);
    stage("another task goes on with `forward`");
    let run = panic_of(|| {
        vt(async {
            let auditor = tokio::spawn(office.auditor(desk, Duration::from_secs(100), Duration::ZERO));
            let alarm = || office.alarms.push("alarm");
            let outcome =
                handed_on("`forward`", 60, forward(&mut payments, &queue, Duration::from_secs(30), alarm))
                    .await;
            drop(queue);
            auditor.await.expect("auditing does not panic");
            outcome
        })
        .0
    });
    let outcome = run.unwrap_or_else(|text| panic!("{text}"));
    office.check_all(6, &payments);
    check_eq!(outcome, Ok(()), "All 6 payments were in the queue, and `forward` returned {outcome:?}.");
}

/// Two queues know nothing of each other.
#[test]
fn a_quick_auditor_does_not_wait_for_a_slow_one() {
    let (slow, quick) = (Office::new(), Office::new());
    let (queues, desks): (Vec<_>, Vec<_>) = [(); 2].map(|()| mpsc::channel::<Payment>(1)).into_iter().unzip();
    let mut payments = [slow.payments(3), quick.payments(3)];
    stage("one auditor is slow, and another one is quick");
    let run = panic_of(|| {
        vt(async {
            let mut desks = desks.into_iter();
            let (late, early) = (Duration::from_secs(1_000_000), Duration::from_secs(1));
            let auditors = [(&slow, late), (&quick, early)].map(|(office, away)| {
                tokio::spawn(office.auditor(desks.next().expect("two"), away, Duration::ZERO))
            });
            let [one, other] = &mut payments;
            let patience = Duration::from_secs(100_000);
            let outcomes = {
                let slow = forward(one, &queues[0], patience, || {});
                let quick = forward(other, &queues[1], patience, || {});
                side_by_side("`forward`", 60, slow, quick).await
            };
            drop(queues);
            for auditor in auditors {
                auditor.await.expect("auditing does not panic");
            }
            outcomes
        })
        .0
    });
    let outcomes = run.unwrap_or_else(|text| panic!("{text}"));
    check_eq!(
        outcomes,
        (Ok(()), Ok(())),
        "Two auditors took all payments out, and `forward` returned {outcomes:?}."
    );
    slow.check_all(3, &payments[0]);
    quick.check_all(3, &payments[1]);
}

/// Payments, and what became of them.
struct Office {
    copies: Copies,
    /// Numbers of payments that were audited, in their order.
    received: Log,
    /// Numbers of payments that were dropped anywhere else.
    lost: Log,
    alarms: Log,
    timeline: Timeline,
}

impl Office {
    fn new() -> Self {
        let [received, lost, alarms] = [(); 3].map(|()| Log::new());
        let timeline = Timeline::new();
        for lane in ["forward", "auditor"] {
            timeline.lane(lane);
        }
        Self { copies: Copies::new(), received, lost, alarms, timeline }
    }

    /// Payments from number 1 on.
    fn payments(&self, count: usize) -> VecDeque<Payment> {
        let payment = |number: usize| Payment {
            number,
            foreign: false,
            copy: self.copies.of(()),
            lost: Some(self.lost.clone()),
        };
        (1..=count).map(payment).collect()
    }

    async fn forward(
        &self,
        payments: &mut VecDeque<Payment>,
        queue: &Sender<Payment>,
        patience: Duration,
    ) -> Result<(), Closed> {
        let lane = self.timeline.lane("forward");
        let alarm = || {
            lane.mark("alarm");
            self.alarms.push("alarm");
        };
        lane.watch(forward(payments, queue, patience, alarm)).await
    }

    /// Takes everything out of the queue, after a first break, and after a second one behind the third payment.
    fn auditor(
        &self,
        mut desk: Receiver<Payment>,
        first: Duration,
        second: Duration,
    ) -> impl Future<Output = ()> + Send + 'static + use<> {
        let (received, lane) = (self.received.clone(), self.timeline.lane("auditor"));
        async move {
            sleep(first).await;
            let mut taken = 0;
            while let Some(payment) = desk.recv().await {
                if taken < 8 {
                    lane.mark(format!("takes {}", payment.number));
                }
                if !payment.foreign {
                    received.push(payment.audited());
                    taken += 1;
                    if taken == 3 {
                        sleep(second).await;
                    }
                } else {
                    let _ = payment.audited();
                }
            }
        }
    }

    fn run<T>(&self, day: impl Future<Output = T>) -> T {
        let polls = POLLS + 4 * self.copies.alive();
        match panic_of(|| vt(to_its_end(polls, day)).0) {
            Ok(Ok(output)) => output,
            Ok(Err(Unrest::Asleep)) => panic!(
                "{} payments were audited, and then nothing happened any more: `forward` waits, and nobody is left who would wake it.",
                self.received.len()
            ),
            Ok(Err(Unrest::Naps(time))) => panic!(
                "For {}, nothing happened, and `forward` kept waking up to look. {ASKS}",
                in_words(time)
            ),
            Ok(Err(_)) => panic!(
                "{} payments were audited, and then `forward` did not come to rest. {ASKS}",
                self.received.len()
            ),
            Err(text) => panic!("{text}"),
        }
    }

    /// Checks that all payments were audited, once each, in their order, and none was copied.
    fn check_all(&self, count: usize, rest: &VecDeque<Payment>) {
        self.check_copies();
        self.check_lost("The auditor came back each time");
        check_eq!(rest.len(), 0, "`forward` returned, and {} payments were still in `payments`.", rest.len());
        let (found, all): (_, Vec<_>) =
            (self.received.events(), (1..=count).map(|number| number.to_string()).collect());
        check_eq!(
            found,
            all,
            "The auditor got {} payments in another order than that of `payments`.",
            found.len()
        );
    }

    /// Checks that the first `queued` payments are gone into the queue, and that all others are left in their order.
    fn check_rest(&self, said: &str, count: usize, queued: usize, rest: &VecDeque<Payment>) {
        self.check_copies();
        self.check_lost(said);
        let found: Vec<_> = rest.iter().map(|payment| payment.number).collect();
        let all: Vec<_> = (queued + 1..=count).collect();
        check_eq!(found, all, "{said}. What is left in `payments` is not what should be left.");
    }

    fn check_copies(&self) {
        let clones = self.copies.clones();
        assert!(
            clones == 0,
            "Payments were copied {clones} times. A payment that exists twice may be paid twice: it is moved, and nothing else."
        );
    }

    fn check_lost(&self, said: &str) {
        if let Some((number, at)) = self.lost.timed().into_iter().next() {
            panic!(
                "{said}. Payment {number} was dropped after {}: it had been taken out of `payments`, and did not get into the queue. Take a \
                 payment out when it has a place, and not before.",
                in_words(at)
            );
        }
    }
}

/// A payment, which tells when it is lost.
#[derive(Clone)]
struct Payment {
    number: usize,
    /// It is from another sender.
    foreign: bool,
    copy: Counted<()>,
    /// Where it tells so; `None` when it has been audited.
    lost: Option<Log>,
}

impl Payment {
    /// It has arrived, and may be dropped.
    fn audited(mut self) -> String {
        self.lost = None;
        self.number.to_string()
    }
}

impl Drop for Payment {
    fn drop(&mut self) {
        if let Some(lost) = self.lost.take() {
            lost.push(self.number.to_string());
        }
    }
}

const ASKS: &str = "It asks again and again. A future that waits for a place is woken when there is one.";

/// More polls than a day in an office needs, apart from those for each payment.
const POLLS: usize = 2_000;

/// Gives everybody else a few turns, without any time passing.
async fn turns() {
    for _ in 0..50 {
        yield_now().await;
    }
}

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

/// Longer than any guess.
fn long() -> Duration {
    Duration::from_millis(pick(100 * 24 * 3_600_000..=120 * 24 * 3_600_000))
}

fn millis() -> Duration {
    Duration::from_millis(pick(3..=9))
}
