//! Hidden tests of `lagged_subscriber`: what becomes of a subscription that fell behind, what is counted, and when it ends.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::iter;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::follow;
use testkit::{
    Lane, Timeline, check_eq, handed_on, in_words, panic_of, pick, side_by_side, stage, vt, within_polls,
};
use tokio::runtime::Handle;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep, timeout};

/// An index that fell behind continues, with the oldest change that is left.
#[test]
fn it_goes_on_after_it_fell_behind() {
    for (room, lost) in [(4, pick(2..=9)), (16, 1), (8, pick(100..=400))] {
        let first = room + number(lost);
        let day = Day {
            room,
            bursts: vec![products(first), vec![], vec![], products(2)],
            pause: Duration::ZERO,
            closes_late: true,
        };
        let seen = day.run();
        let (left, wanted) = (room + 2, day.expected());
        let applied = seen.applied.len();
        let fell_behind =
            format!("The feed had room for {room} changes, and {first} were sent, so {lost} were lost");
        assert!(
            !seen.waits,
            "{fell_behind}. The index has applied {applied} of the {left} changes that were left or came later, and `follow` waits for \
             more: it has skipped changes that were in the feed. After `Lagged`, the next `recv` returns the oldest change that is left."
        );
        assert!(
            applied > 0 || seen.report.missed > 0,
            "{fell_behind}. Then `follow` returned, and the index has applied none of the {room} changes that were left. \
             Falling behind does not end a subscription: `Lagged` says how many changes are lost, and the next `recv` \
             returns the oldest one that is left."
        );
        assert!(
            applied > 0,
            "{fell_behind}. `follow` has applied none of the {room} changes that were left, and returned. It reports {} \
             missed changes. `Lagged` does not end a subscription: after it, `recv` returns the oldest change that is left.",
            seen.report.missed
        );
        assert!(
            applied >= left || !wanted.applied.starts_with(&seen.applied),
            "{fell_behind}. Of the {left} changes that were left or came later, the index has applied {applied}, and then \
             `follow` returned. The feed had not ended."
        );
        check_eq!(
            seen.applied[0],
            wanted.applied[0],
            "{fell_behind}. Then the index applied {}, and the oldest change that was left is {}: the ones in between were \
             there, and nobody read them.",
            seen.applied[0],
            wanted.applied[0]
        );
        seen.check_changes(&day);
    }
}

/// Every change that the feed has overwritten counts as missed, each time that the index falls behind.
#[test]
fn every_missed_change_is_counted() {
    for losses in [vec![pick(2..=9)], vec![pick(7..=9), 1, pick(4..=6)], vec![pick(3_000..=4_000), 7]] {
        let room = 4;
        let bursts = losses.iter().flat_map(|lost| {
            let quiet = iter::repeat_n(vec![], room - 1);
            iter::once(products(room + number(*lost))).chain(quiet)
        });
        let day = Day { room, bursts: bursts.collect(), pause: Duration::ZERO, closes_late: true };
        let (seen, all) = (day.run(), losses.iter().sum::<u64>());
        let (missed, times) = (seen.report.missed, losses.len());
        let what = match losses[..] {
            [_] => format!("The feed overwrote {all} changes that the index had not read, in one go"),
            _ => format!("The index fell behind {times} times, and lost {losses:?} changes, {all} in all"),
        };
        let wanted = "`Lagged` carries the number of changes that were lost since the last `recv`";
        assert!(missed > 0, "{what}. The report says that it missed none. {wanted}.");
        assert!(
            missed != times as u64 || missed == all,
            "{what}. The report says {missed}, which is how often it fell behind. {wanted}."
        );
        assert!(
            times == 1 || Some(&missed) != losses.last(),
            "{what}. The report says {missed}: only the last loss. {wanted}, so add them up."
        );
        check_eq!(missed, all, "{what}. The report says {missed}. {wanted}.");
        seen.check(&day);
    }
}

/// `follow` returns when the last sender is gone, after the changes that are still in the feed. There may be none at all.
#[test]
fn it_ends_with_the_feed() {
    let few = number(pick(2..=6));
    for bursts in [vec![], vec![products(few)], vec![products(1), products(few)], vec![products(8 + few)]] {
        let day = Day { room: 8, bursts, pause: Duration::ZERO, closes_late: false };
        let (seen, wanted) = (day.run(), day.expected());
        let (applied, all) = (seen.applied.len(), wanted.applied.len());
        assert!(
            applied == all || !wanted.applied.starts_with(&seen.applied),
            "The last sender was gone, and {} changes were still in the feed. `follow` returned without them. A feed ends \
             with the `Closed` that `recv` returns after the last change; that no sender is left is not the end.",
            all - applied
        );
        seen.check(&day);
    }
    stage("one of two senders is gone");
    let (first, feed) = broadcast::channel(8);
    let second = first.clone();
    let product = pick(1..=999);
    let (applied, _) = carry_out("One of two senders is gone", 40, async move {
        let mut index = Notes::default();
        let send = async move {
            drop(first);
            sleep(Duration::from_millis(20)).await;
            let _ = second.send(product);
        };
        tokio::join!(follow(feed, &mut index), send);
        index.applied
    });
    check_eq!(
        applied,
        [product],
        "The feed had two senders. One was dropped, and 20 ms later the other one sent a change, which was not applied: \
         a feed ends with its last sender."
    );
}

/// A change is taken from the feed when the previous one is applied. What is overwritten meanwhile is missed.
#[test]
fn it_takes_a_change_when_the_last_one_is_applied() {
    let (room, late) = (4, number(pick(10..=20)));
    let day = Day {
        room,
        bursts: vec![products(1), products(late)],
        pause: Duration::from_millis(10),
        closes_late: true,
    };
    let (seen, wanted) = (day.run(), day.expected());
    assert!(
        seen.report.missed >= wanted.report.missed,
        "While the index applied a change, {late} more were sent into a feed with room for {room}. So {} of them had to be \
         missed, and the report says {}: `follow` takes changes out of the feed before the index is ready for them, and \
         keeps them somewhere.",
        wanted.report.missed,
        seen.report.missed
    );
    seen.check(&day);
    let day =
        Day { room, bursts: vec![products(3), products(room)], pause: Duration::ZERO, closes_late: true };
    let (seen, wanted) = (day.run(), day.expected());
    assert!(
        seen.report.missed >= wanted.report.missed,
        "A feed with room for {room} had 3 changes. While the index applied the first one, {room} more were sent, so the 2 \
         others had to be missed, and the report says {}: they were taken out of the feed before the index was ready for them.",
        seen.report.missed
    );
    seen.check(&day);
}

/// Changes are applied in their order, any number of them, and each counts, whichever product it is for.
#[test]
fn every_change_is_applied_in_its_order() {
    let product = pick(1..=1_000_000);
    let odd = vec![0, product, product, 0, 0, u64::MAX, product, u64::MAX, u64::MAX, 1];
    let many = products(number(pick(400..=900)));
    for bursts in [vec![odd.clone()], odd.into_iter().map(|product| vec![product]).collect(), vec![many]] {
        let day = Day { room: 1024, bursts, pause: Duration::ZERO, closes_late: false };
        day.run().check(&day);
    }
}

/// It waits as long as it takes, and is woken when a change is sent.
#[test]
fn it_waits_as_long_as_it_takes() {
    let waits = [Duration::from_millis(1), hours(30), Duration::from_secs(pick(90..=3_000)), months()];
    let (catalogue, feed) = broadcast::channel(8);
    let changes: Vec<_> = waits.into_iter().zip(products(waits.len())).collect();
    let times = RefCell::new(Vec::new());
    let mut index = Notes::default();
    let all = changes.clone();
    let (report, _) = carry_out("The feed has ended", 4 * waits.len() + 10, async {
        let send = async {
            for (wait, product) in all {
                sleep(wait).await;
                times.borrow_mut().push(Instant::now());
                let _ = catalogue.send(product);
            }
            sleep(hours(1)).await;
            drop(catalogue);
        };
        tokio::join!(follow(feed, &mut index), send).0
    });
    let (applied, sent) = (index.applied.len(), changes.len());
    assert!(
        applied == sent,
        "Between two changes {} went by. `follow` returned after {applied} of {sent} changes, and the feed had not ended. \
         However long nothing changes, the feed ends with its last sender.",
        in_words(waits[applied])
    );
    for (sent, applied) in times.into_inner().into_iter().zip(&index.times) {
        let late = *applied - sent;
        assert!(
            late.is_zero(),
            "A change was applied {} after it was sent, and the index had nothing else to do. `recv` wakes its task when \
             there is something.",
            in_words(late)
        );
    }
    check_eq!(
        report.applied,
        sent as u64,
        "There were {sent} changes, and the report counts {}.",
        report.applied
    );
}

/// A busy index is left to finish, however long it takes, and has the next change right after that.
#[test]
fn a_busy_index_is_left_to_finish() {
    let takes = [Duration::from_millis(pick(2..=9)), hours(30), Duration::from_secs(pick(2..=900)), months()];
    let (catalogue, feed) = broadcast::channel(8);
    products(takes.len()).into_iter().for_each(|product| drop(catalogue.send(product)));
    drop(catalogue);
    let mut index = Notes { each_takes: takes.into(), ..Notes::default() };
    let (_, took) = carry_out("The feed has ended", 40, follow(feed, &mut index));
    let (begun, done, needed) = (index.applied.len(), index.done, takes.iter().sum::<Duration>());
    assert!(
        begun == done,
        "The index needed {} for a change. {begun} calls of `apply` were begun, and {done} came to their ends: `follow` gave up.",
        in_words(takes[done.min(takes.len() - 1)])
    );
    assert!(
        took < needed + Duration::from_millis(6),
        "There were {} changes in the feed, and the index needed {} for all of them. `follow` took {}: it waits for something else, \
         too.",
        takes.len(),
        in_words(needed),
        in_words(took)
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    let (catalogue, feed) = broadcast::channel(8);
    let mut index = Notes::default();
    stage("another task goes on with `follow`");
    let run = panic_of(|| {
        vt(async {
            let send = async {
                for product in [3, 4] {
                    sleep(hours(1)).await;
                    let _ = catalogue.send(product);
                }
                drop(catalogue);
            };
            tokio::join!(handed_on("`follow`", 20, follow(feed, &mut index)), send);
        })
    });
    if let Err(text) = run {
        panic!("{text}");
    }
    check_eq!(index.applied, [3, 4], "Another task went on with `follow`, and changes are missing.");
}

/// Two indexes follow the catalogue side by side, and each has its own report.
#[test]
fn indexes_do_not_wait_for_each_other() {
    let (catalogue, feed) = broadcast::channel(4);
    let quick = catalogue.subscribe();
    let all = products(4 + number(pick(2..=9)));
    let lost = all.len() as u64 - 4;
    let (mut slow_index, mut quick_index) = (
        Notes { takes: hours(500), ..Notes::default() },
        Notes { takes: Duration::from_millis(2), ..Notes::default() },
    );
    all.iter().for_each(|product| drop(catalogue.send(*product)));
    drop(catalogue);
    stage("two indexes follow the catalogue, a slow one and a quick one");
    let run = panic_of(|| {
        vt(side_by_side("`follow`", 40, follow(feed, &mut slow_index), follow(quick, &mut quick_index))).0
    });
    match run {
        Err(text) => panic!("{text}"),
        Ok((slow, quick)) => {
            for report in [slow, quick] {
                let found = (report.applied, report.missed);
                check_eq!(
                    found,
                    (4, lost),
                    "Two indexes followed the same catalogue, and each missed {lost} changes and had 4 to apply. One reports \
                     {} applied and {} missed. Each index counts for itself.",
                    report.applied,
                    report.missed
                );
            }
        }
    }
}

/// A `follow` that is dropped leaves nothing behind: no subscription, and no task.
#[test]
fn nothing_is_left_when_it_is_dropped() {
    vt(async {
        for busy in [false, true] {
            let (catalogue, feed) = broadcast::channel(4);
            if busy {
                let _ = catalogue.send(7);
            }
            let mut index = Notes { takes: hours(1), ..Notes::default() };
            {
                let mut following = pin!(follow(feed, &mut index));
                let polled = following.as_mut().poll(&mut Context::from_waker(Waker::noop()));
                assert!(
                    matches!(polled, Poll::Pending),
                    "The feed had a sender, and `follow` returned at once. A feed ends with its last sender."
                );
            }
            testkit::settle().await;
            let (left, tasks) = (catalogue.receiver_count(), Handle::current().metrics().num_alive_tasks());
            assert!(
                left == 0 && tasks == 0,
                "`follow` was dropped while it {}, and this is left: subscriptions {left}, tasks {tasks}. Dropping a future ends \
                 what it started.",
                if busy { "applied a change" } else { "waited for a change" }
            );
        }
    });
}

/// A feed, and what happens while it is followed.
struct Day {
    /// How many changes the feed keeps.
    room: usize,
    /// The first one is sent before `follow` is called, and each of the others while the index applies one more change.
    /// The sender is gone after the last one.
    bursts: Vec<Vec<u64>>,
    /// Between two changes of a burst that is sent while the index is busy.
    pause: Duration,
    /// Whether the sender stays until every change is applied that is not lost.
    closes_late: bool,
}

/// What a day came to, or should.
struct Seen {
    applied: Vec<u64>,
    report: Report,
    /// It has not returned, and waits for more.
    waits: bool,
}

/// The report of the exercise, compared by the test's own means.
#[derive(Debug, Default, PartialEq)]
struct Report {
    applied: u64,
    missed: u64,
}

impl Day {
    fn run(&self) -> Seen {
        let (catalogue, feed) = broadcast::channel(self.room);
        let timeline = Timeline::new();
        let lanes = ["catalogue", "follow", "index"].map(|name| timeline.lane(name));
        let mut bursts: VecDeque<_> = self.bursts.iter().cloned().collect();
        let first = bursts.pop_front().unwrap_or_default();
        let changes = self.bursts.iter().map(Vec::len).sum::<usize>();
        let mut index = Busy {
            catalogue: Some(catalogue),
            bursts,
            pause: self.pause,
            applied: Vec::new(),
            last: if self.closes_late { self.expected().applied.len() } else { 0 },
            lanes: &lanes,
        };
        let (report, _) = carry_out("The feed has ended", 4 * changes + 40, async {
            index.send_at_once(&first);
            index.hang_up();
            let following = timeout(FOR_EVER / 2, lanes[1].watch(follow(feed, &mut index)));
            following.await.ok().map(|report| Report { applied: report.applied, missed: report.missed })
        });
        assert!(
            report.is_some() || index.catalogue.is_some(),
            "The last sender is gone, {} changes are applied, and `follow` still waits. Nothing is left that could wake it.",
            index.applied.len()
        );
        Seen { applied: index.applied, waits: report.is_none(), report: report.unwrap_or_default() }
    }

    /// What a feed keeps and loses, by the rules of the page.
    fn expected(&self) -> Seen {
        let (mut kept, mut seen) =
            (VecDeque::new(), Seen { applied: Vec::new(), report: Report::default(), waits: false });
        let mut bursts = self.bursts.iter();
        loop {
            for product in bursts.next().into_iter().flatten() {
                kept.push_back(*product);
                if kept.len() > self.room {
                    kept.pop_front();
                    seen.report.missed += 1;
                }
            }
            let Some(product) = kept.pop_front() else { return seen };
            seen.applied.push(product);
            seen.report.applied += 1;
        }
    }
}

impl Seen {
    fn check(&self, day: &Day) {
        assert!(
            !self.waits,
            "The index has applied {} of {} changes, and `follow` waits for more: it has skipped changes that were in the feed.",
            self.applied.len(),
            day.expected().applied.len()
        );
        self.check_changes(day);
        let Report { applied, missed } = self.report;
        let (found, wanted) = (self.applied.len(), day.expected().report);
        check_eq!(
            applied,
            wanted.applied,
            "The index has applied {found} changes, and the report says {applied}."
        );
        check_eq!(
            missed,
            wanted.missed,
            "The feed overwrote {} changes before they were read, and the report says {missed}.",
            wanted.missed
        );
    }

    fn check_changes(&self, day: &Day) {
        let wanted = day.expected();
        let (found, all) = (self.applied.len(), wanted.applied.len());
        assert!(
            found >= all,
            "The index was to apply {all} changes, and applied {found}. Each change that the feed still has is applied, even if the \
             number is 0, or the same as before."
        );
        let odd = self.applied.iter().zip(&wanted.applied).position(|(found, wanted)| found != wanted);
        if let Some(place) = odd {
            panic!(
                "Change number {} that the index applied was for product {}, and it was the turn of {}.",
                place + 1,
                self.applied[place],
                wanted.applied[place]
            );
        }
        assert!(found == all, "{all} changes were to be applied, and {found} were: some twice.");
    }
}

/// An index of a [`Day`].
struct Busy<'a> {
    catalogue: Option<broadcast::Sender<u64>>,
    bursts: VecDeque<Vec<u64>>,
    pause: Duration,
    applied: Vec<u64>,
    /// The sender is not dropped before so many changes are applied.
    last: usize,
    /// Of the catalogue, of `follow` and of the index.
    lanes: &'a [Lane; 3],
}

impl Busy<'_> {
    fn send_at_once(&self, burst: &[u64]) {
        if let Some(catalogue) = self.catalogue.as_ref().filter(|_| !burst.is_empty()) {
            self.lanes[0].mark(format!("{} sent", changes(burst.len())));
            burst.iter().for_each(|product| drop(catalogue.send(*product)));
        }
    }

    /// After the last burst.
    fn hang_up(&mut self) {
        if self.bursts.is_empty() && self.applied.len() >= self.last && self.catalogue.take().is_some() {
            self.lanes[0].mark("the last sender is gone");
        }
    }
}

impl exercise::Index for Busy<'_> {
    async fn apply(&mut self, product: u64) {
        self.lanes[2].mark(format!("applies {product}"));
        self.applied.push(product);
        sleep(Duration::from_millis(1)).await;
        let burst = self.bursts.pop_front().unwrap_or_default();
        if self.pause.is_zero() {
            self.send_at_once(&burst);
        } else {
            for product in burst {
                self.send_at_once(&[product]);
                sleep(self.pause).await;
            }
        }
        self.hang_up();
    }
}

/// An index that writes down what it applies, and when.
#[derive(Default)]
struct Notes {
    applied: Vec<u64>,
    times: Vec<Instant>,
    /// How many calls came to their ends.
    done: usize,
    takes: Duration,
    /// For the first changes, in place of `takes`.
    each_takes: VecDeque<Duration>,
}

impl exercise::Index for Notes {
    async fn apply(&mut self, product: u64) {
        self.applied.push(product);
        self.times.push(Instant::now());
        let takes = self.each_takes.pop_front().unwrap_or(self.takes);
        if !takes.is_zero() {
            sleep(takes).await;
        }
        self.done += 1;
    }
}

/// Runs a future in which `follow` runs to its end. `over` says what has happened when nothing moves any more.
fn carry_out<F: Future>(over: &str, polls: usize, run: F) -> (F::Output, Duration) {
    stage("`follow` has been called");
    match panic_of(|| vt(async { timeout(FOR_EVER, within_polls(polls, run)).await })) {
        Ok((Ok(Some(output)), took)) => (output, took),
        Ok((Ok(None), _)) => panic!(
            "`follow` was polled {polls} times, more often than the feed had news: it asks again and again. A feed that \
             has ended says `Closed` at once, every time; and while it has senders, `recv` wakes the task when there is a \
             change."
        ),
        Ok((Err(_), _)) => panic!("{over}, and `follow` still waits. Nothing is left that could wake it."),
        Err(text) if text.contains("from within a runtime") => panic!(
            "`follow` blocks the thread that it runs on, and others need that thread. Await what you wait for. ({text})"
        ),
        Err(text) => panic!("`follow` panicked before it was done: {text}"),
    }
}

/// Products whose numbers are known at run time only, and are in no order.
fn products(count: usize) -> Vec<u64> {
    let base = pick(1_000..=1_000_000);
    (0..count as u64).map(|n| base + n * 7_919 % 10_007).collect()
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change is".to_owned() } else { format!("{count} changes are") }
}

fn number(picked: u64) -> usize {
    usize::try_from(picked).expect("it was picked small enough")
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
