//! Hidden tests of `latest_value`: which limits are applied, how often, and whether anybody waits for somebody else.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::follow;
use testkit::{
    InFlight, Lane, Timeline, check_eq, elsewhere, handed_on, in_words, panic_of, pick, settle, side_by_side,
    stage, vt, within_polls,
};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

/// The current limit is applied at once, and each new one once.
#[test]
fn each_limit_is_applied_once() {
    // What is drawn of a right answer is the last case.
    for unseen in [true, false] {
        let [first, limits @ ..] = limits();
        let city = City::new(first);
        if unseen {
            // The receiver has not seen the limit that `follow` finds.
            city.set(limits[0]);
        }
        let start = if unseen { limits[0] } else { first };
        city.run(|| async {
            for limit in &limits[usize::from(unseen)..] {
                sleep(Duration::from_secs(1)).await;
                city.set(*limit);
            }
            sleep(Duration::from_secs(1)).await;
            city.close();
        });
        let (found, mut wanted) = (city.applied(), limits[usize::from(unseen)..].to_vec());
        wanted.insert(0, start);
        assert!(
            found.first() == Some(&start) || found.is_empty(),
            "The limit was {start} when `follow` was called, and the first one that it applied is {}. It applies the current \
             limit at once.",
            found[0]
        );
        assert!(
            !found.is_empty(),
            "The limit was {start} when `follow` was called, and no limit was ever applied."
        );
        assert!(
            !unseen || !found.starts_with(&[start, start]),
            "The receiver had not seen the limit when `follow` was called: {start}. `follow` applied it twice. Each limit is applied \
             once, so the call that reads it has to mark it as seen."
        );
        check_eq!(
            found,
            wanted,
            "The limit was {start}, and then {} more were set, one a second. {} limits were applied.",
            wanted.len() - 1,
            found.len()
        );
    }
}

/// Setting a limit does not wait, whatever `follow` or a gateway does at that moment.
#[test]
fn setting_a_limit_never_waits() {
    let [first, second, third, ..] = limits();
    let city = City::new(first);
    city.meanwhile([vec![second], vec![third]], false);
    city.run(|| city.closed_later());
    check_eq!(
        city.applied(),
        [first, second, third],
        "A new limit was set each time that the gateway was busy. Applied was something else."
    );
}

/// Of several limits that are set while the gateway is busy, only the newest is applied, when the gateway is done.
#[test]
fn only_the_newest_is_applied() {
    for count in [2, 3, pick(300..=900) as u32] {
        let [first, base, last, ..] = limits();
        let city = City::new(first);
        let burst = |to| (1..count).map(|n| base.wrapping_add(n)).chain([to]).collect::<Vec<_>>();
        city.meanwhile([burst(base), burst(last)], false);
        city.run(|| city.closed_later());
        let (found, wanted) = (city.applied(), [first, base, last]);
        let (begun, done) = (city.busy.total(), city.done());
        assert!(
            begun == done,
            "A limit was set while the gateway applied another one, and `follow` dropped that `apply` half-way: {begun} were \
             begun, and {done} were finished. A gateway that is busy is left to finish."
        );
        let old = found.iter().find(|limit| !wanted.contains(limit));
        if let Some(old) = old {
            panic!(
                "While the gateway was busy, {count} limits were set, the last of them {base}. Then `follow` applied {old}, which \
                 had been replaced before the gateway was ready. Only the newest one counts."
            );
        }
        check_eq!(
            found,
            wanted,
            "While the gateway was busy with {first}, {count} limits were set, the last of them {base}; and while it was busy \
             with that one, {count} more, up to {last}. {} limits were applied.",
            found.len()
        );
    }
}

/// `follow` returns when the last sender is gone, and has applied the last limit then.
#[test]
fn it_ends_with_the_last_limit() {
    let [first, second, ..] = limits();
    for (when, set) in [("before `follow` was called", false), ("before `follow` was called", true)] {
        let city = City::new(first);
        let last = if set { second } else { first };
        if set {
            city.set(second);
        }
        city.close();
        city.run(|| async {});
        check_eq!(
            city.applied(),
            [last],
            "The last sender was dropped {when}, and the limit was {last}. It is applied once, and then `follow` returns."
        );
    }
    for busy in [true, false] {
        let city = City::new(first);
        if busy {
            city.meanwhile([vec![second]], true);
            city.run(|| async {});
        } else {
            city.run(|| async {
                sleep(Duration::from_secs(1)).await;
                city.set(second);
                city.close();
            });
        }
        let found = city.applied();
        assert!(
            found != [first],
            "The limit {second} was set{}, and then the last sender was dropped. `follow` returned, and the gateway is still \
             at {first}. Nobody will set a limit any more, so this one must not be lost.",
            if busy { " while the gateway was busy with the one before" } else { "" }
        );
        check_eq!(
            found,
            [first, second],
            "The limit was {first}, then {second}, and then the last sender was dropped."
        );
    }
}

/// Every number is a limit, also 0, the largest one, and the one that it was before.
#[test]
fn any_number_is_a_limit() {
    let [some, ..] = limits();
    let all = [0, 0, u32::MAX, some, some, 0, u32::MAX, u32::MAX, 1];
    let city = City::new(all[0]);
    city.run(|| async {
        for limit in &all[1..] {
            sleep(Duration::from_millis(pick(2..=2_000))).await;
            city.set(*limit);
        }
        sleep(Duration::from_secs(1)).await;
        city.close();
    });
    let found = city.applied();
    let same = |limits: &[u32]| limits.windows(2).filter(|two| two[0] == two[1]).count();
    assert!(
        found.len() == all.len() || same(&found) > 0,
        "The limits {all:?} were set, one after the other, and {found:?} were applied. A limit that is set is applied, even if \
         the number is the same as before."
    );
    assert!(
        found.contains(&0),
        "The limit was 0 at first and in between, and 0 was never applied. Every number is a limit."
    );
    check_eq!(found, all, "The limits {all:?} were set, one after the other, and {found:?} were applied.");
}

/// It sleeps until a limit is set, however long that takes, and applies it at once.
#[test]
fn it_sleeps_until_a_limit_is_set() {
    let waits = [Duration::from_millis(3), hours(30), Duration::from_secs(pick(90..=3_000)), months()];
    let [first, limits @ ..] = limits();
    let city = City::new(first);
    city.run(|| async {
        for (wait, limit) in waits.into_iter().zip(limits) {
            sleep(wait).await;
            city.set(limit);
        }
        sleep(hours(1)).await;
        city.close();
    });
    let (found, all) = (city.applied().len(), waits.len() + 1);
    assert!(
        found == all,
        "Between two limits {} went by. `follow` returned then, and {} limits were still to come. It returns when the last \
         sender is gone.",
        in_words(waits[found.saturating_sub(1).min(waits.len() - 1)]),
        all.saturating_sub(found)
    );
    for (set, applied) in city.times.borrow().iter().zip(&city.notes.borrow().times[1..]) {
        let late = *applied - *set;
        assert!(
            late.is_zero(),
            "A limit was applied {} after it was set, and the gateway was not busy. `changed` wakes its task when a limit is \
             set.",
            in_words(late)
        );
    }
}

/// A busy gateway is left to finish, however long it takes, and gets the newest limit right after that.
#[test]
fn a_busy_gateway_is_left_to_finish() {
    let [first, limits @ ..] = limits();
    let takes = [Duration::from_millis(pick(4..=9)), hours(30), Duration::from_secs(pick(2..=900)), months()];
    let city = City::new(first);
    city.takes.replace(takes.into());
    city.run(|| async {
        for (takes, limit) in takes.into_iter().zip(limits) {
            sleep(takes / 2).await;
            city.set(limit);
            sleep(takes - takes / 2).await;
        }
        city.close();
    });
    let notes = city.notes.borrow();
    let (begun, done) = (notes.applied.len(), notes.done.len());
    assert!(
        begun == done,
        "The gateway needed {} for a limit. {begun} calls of `apply` were begun, and {done} came to their ends. A gateway that is busy \
         is left to finish.",
        in_words(takes[done.min(takes.len() - 1)])
    );
    for (ready, next) in notes.done.iter().zip(&notes.times[1..]) {
        let late = *next - *ready;
        assert!(
            late.is_zero(),
            "A limit was set while the gateway was busy. It was applied {} after the gateway was ready.",
            in_words(late)
        );
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let [first, second, ..] = limits();
    let city = City::new(first);
    stage("another task goes on with `follow`");
    let run = panic_of(|| {
        vt(async {
            let mut gateway = city.gateway();
            let operate = async {
                sleep(hours(1)).await;
                city.set(second);
                sleep(hours(1)).await;
                city.close();
            };
            tokio::join!(handed_on("`follow`", 20, follow(&city.limits, &mut gateway)), operate);
        })
    });
    if let Err(text) = run {
        panic!("{text}");
    }
    check_eq!(city.applied(), [first, second], "Another task went on with `follow`, and a limit is missing.");
}

/// Several gateways follow the same receiver, and each has all limits.
#[test]
fn gateways_share_a_receiver() {
    let [first, second, ..] = limits();
    let (operator, limits) = watch::channel(first);
    operator.send_replace(second);
    drop(operator);
    let [mut slow, mut quick] = [hours(24), hours(1)].map(|takes| Quiet { takes, applied: Vec::new() });
    stage("two gateways follow the same receiver, a slow one and a quick one");
    let run = panic_of(|| {
        vt(side_by_side("`follow`", 20, follow(&limits, &mut slow), follow(&limits, &mut quick))).0
    });
    if let Err(text) = run {
        panic!("{text}");
    }
    for gateway in [slow, quick] {
        check_eq!(
            gateway.applied,
            [second],
            "Two gateways followed the same receiver, whose limit was {second}. One of them applied {:?}.",
            gateway.applied
        );
    }
}

/// A `follow` that is dropped leaves nothing behind: no receiver, and no task.
#[test]
fn nothing_is_left_when_it_is_dropped() {
    let [first, ..] = limits();
    vt(async {
        for busy in [true, false] {
            let (operator, limits) = watch::channel(first);
            let mut gateway =
                Quiet { takes: if busy { hours(1) } else { Duration::ZERO }, applied: Vec::new() };
            {
                let mut following = pin!(follow(&limits, &mut gateway));
                let polled = following.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(
                    matches!(polled, Poll::Pending),
                    "`follow` returned at once, and the operator could still set a limit."
                );
            }
            settle().await;
            let (left, tasks) =
                (operator.receiver_count() - 1, Handle::current().metrics().num_alive_tasks());
            assert!(
                left == 0 && tasks == 0,
                "`follow` was dropped while it {}, and {left} receivers and {tasks} tasks are left of it. Dropping a future \
                 ends what it started.",
                if busy { "applied a limit" } else { "waited for one" }
            );
        }
    });
}

/// An operator, a gateway, and what was seen of them.
struct City {
    operator: Rc<RefCell<Option<watch::Sender<u32>>>>,
    limits: watch::Receiver<u32>,
    /// How many limits there were so far, with the current one of the beginning; how many were set before `follow` was called.
    set: RefCell<usize>,
    /// When each was set.
    times: RefCell<Vec<Instant>>,
    /// Limits that are set while the gateway is busy, and whether the last sender is dropped then, too.
    meanwhile: RefCell<(VecDeque<Vec<u32>>, bool)>,
    /// How long the gateway needs for each of the first limits; a millisecond for the others.
    takes: RefCell<VecDeque<Duration>>,
    notes: RefCell<Notes>,
    busy: InFlight,
    operator_lane: Lane,
    gateway_lane: Lane,
    follow_lane: Lane,
}

/// What was applied, and when.
#[derive(Default)]
struct Notes {
    applied: Vec<u32>,
    times: Vec<Instant>,
    /// When a gateway was ready again.
    done: Vec<Instant>,
}

impl City {
    fn new(first: u32) -> Self {
        let timeline = Timeline::new();
        let (operator, limits) = watch::channel(first);
        Self {
            operator: Rc::new(RefCell::new(Some(operator))),
            limits,
            set: RefCell::new(1),
            times: RefCell::default(),
            meanwhile: RefCell::default(),
            takes: RefCell::default(),
            notes: RefCell::default(),
            busy: InFlight::new(),
            operator_lane: timeline.lane("operator"),
            follow_lane: timeline.lane("follow"),
            gateway_lane: timeline.lane("gateway"),
        }
    }

    fn meanwhile<const N: usize>(&self, bursts: [Vec<u32>; N], close: bool) {
        *self.meanwhile.borrow_mut() = (VecDeque::from(bursts), close);
    }

    async fn closed_later(&self) {
        sleep(Duration::from_secs(60)).await;
        self.close();
    }

    fn set(&self, limit: u32) {
        self.set_all(vec![limit], false);
    }

    /// Sets limits from another thread, as an operator does, who must not have to wait.
    fn set_all(&self, burst: Vec<u32>, busy: bool) {
        let Some(operator) = self.operator.borrow_mut().take() else { return };
        let (count, last) = (burst.len(), burst.last().copied().unwrap_or_default());
        self.operator_lane.mark(if count == 1 {
            format!("sets {last}")
        } else {
            format!("sets {count}, up to {last}")
        });
        *self.set.borrow_mut() += count;
        let sender = operator.clone();
        let setting = elsewhere(move || burst.into_iter().for_each(|limit| drop(sender.send_replace(limit))));
        assert!(
            !setting.had_to_wait(),
            "An operator set a limit while {}, and had to wait: `send` blocks its thread as long as a `Ref` of `borrow` or \
             `borrow_and_update` is alive. Take the number out, and let the guard go before you await.",
            if busy { "the gateway was busy" } else { "`follow` waited for one" }
        );
        if Handle::try_current().is_ok() {
            self.times.borrow_mut().push(Instant::now());
        }
        self.operator.replace(Some(operator));
    }

    fn close(&self) {
        self.operator_lane.mark("the last sender is gone");
        self.operator.take();
    }

    fn gateway(&self) -> Gateway<'_> {
        Gateway(self)
    }

    fn applied(&self) -> Vec<u32> {
        self.notes.borrow().applied.clone()
    }

    fn done(&self) -> usize {
        self.notes.borrow().done.len()
    }

    /// Follows the limits while somebody operates.
    fn run<F: Future<Output = ()>>(&self, operate: impl FnOnce() -> F) {
        let mut gateway = self.gateway();
        stage("`follow` has been called");
        let run = panic_of(|| {
            vt(async {
                let following = self.follow_lane.watch(follow(&self.limits, &mut gateway));
                let both = async { tokio::join!(within_polls(POLLS, following), operate()).0 };
                timeout(FOR_EVER, both).await
            })
            .0
        });
        match run {
            Ok(Ok(Some(()))) => {}
            Ok(Ok(None)) => panic!(
                "`follow` was polled {POLLS} times, and {} limits were set: it asks again and again. `changed` sleeps until a \
                 limit is set that its receiver has not seen.",
                self.set.borrow()
            ),
            Ok(Err(_)) => panic!(
                "The last sender is gone, {} limits are applied, and `follow` still waits. Nothing is left that could wake it.",
                self.applied().len()
            ),
            Err(text) if text.starts_with(OURS.0) || text.starts_with(OURS.1) => panic!("{text}"),
            Err(text) if text.contains("from within a runtime") => panic!(
                "`follow` blocks the thread that it runs on, and others need that thread. Await what you wait for. ({text})"
            ),
            Err(text) => panic!("`follow` panicked before it was done: {text}"),
        }
    }
}

/// More than a run needs.
const POLLS: usize = 100;

/// How messages of this test begin that come out of `follow`.
const OURS: (&str, &str) = ("An operator", "`follow` applied");

struct Gateway<'a>(&'a City);

impl exercise::Gateway for Gateway<'_> {
    async fn apply(&mut self, limit: u32) {
        let city = self.0;
        let number = {
            let mut notes = city.notes.borrow_mut();
            notes.applied.push(limit);
            notes.times.push(Instant::now());
            notes.applied.len()
        };
        city.gateway_lane.mark(format!("applies {limit}"));
        let set = *city.set.borrow();
        assert!(
            number <= set,
            "`follow` applied {limit} again, and nobody has set a limit since: there were {set} limits so far, and {number} \
             calls of `apply`. A receiver that has seen the newest limit waits in `changed`; one that has not seen it does not."
        );
        let _busy = city.busy.enter();
        let takes = city.takes.borrow_mut().pop_front();
        sleep(takes.unwrap_or(Duration::from_millis(1))).await;
        let burst = city.meanwhile.borrow_mut().0.pop_front();
        if let Some(burst) = burst {
            if burst.len() <= 3 {
                for limit in burst {
                    city.set_all(vec![limit], true);
                    sleep(Duration::from_millis(1)).await;
                }
            } else {
                city.set_all(burst, true);
            }
            let (bursts, close) = &*city.meanwhile.borrow();
            if *close && bursts.is_empty() {
                city.close();
            }
        }
        city.notes.borrow_mut().done.push(Instant::now());
    }
}

/// A gateway that only writes down what it applies.
struct Quiet {
    takes: Duration,
    applied: Vec<u32>,
}

impl exercise::Gateway for Quiet {
    async fn apply(&mut self, limit: u32) {
        self.applied.push(limit);
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
    }
}

/// Five limits that are known at run time only, all of them different.
fn limits() -> [u32; 5] {
    let base = pick(1_000..=900_000) as u32;
    [base, base + 700_000, base + 17, base + 900_000, base + 5]
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// Longer than any guess.
fn months() -> Duration {
    Duration::from_secs(pick(200 * 24 * 3600..=300 * 24 * 3600))
}

fn hours(hours: u64) -> Duration {
    Duration::from_secs(3600 * hours)
}
