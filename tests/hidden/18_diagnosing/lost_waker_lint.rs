//! Hidden tests of `lost_waker_lint`: when a future is called lost, and that `Watched` changes nothing.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercise::{Report, Watched, watch};
use testkit::{
    CountingWaker, Elsewhere, Lane, Timeline, assert_send, check_eq, elsewhere, in_words, panic_of, pick,
    poll_once, stage, vt,
};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::sleep;

/// A future that waits with its waker in good hands is not lost, however long it takes.
#[test]
fn a_wait_is_not_lost() {
    let day = Duration::from_secs(24 * 3600);
    for wait in [Duration::from_millis(pick(5..=40)), day * u32::try_from(pick(30..=60)).unwrap()] {
        let said = |what: &str| format!("A future that {what} had waited for {} of", in_words(wait / 2));
        waits(&said("sleeps"), wait, async { sleep(wait).await });
        waits(&said("waits for a message"), wait, async {
            let (sender, receiver) = oneshot::channel();
            tokio::spawn(async move {
                sleep(wait).await;
                let _ = sender.send(());
            });
            let _ = receiver.await;
        });
        waits(&said("waits for a `Notify`"), wait, async {
            let notify = Arc::new(Notify::new());
            tokio::spawn({
                let notify = notify.clone();
                async move {
                    sleep(wait).await;
                    notify.notify_one();
                }
            });
            notify.notified().await;
        });
        waits(&said("waits for a channel, a task and a timer at the same time"), wait, async {
            let (sender, mut receiver) = mpsc::channel::<()>(1);
            let task = tokio::spawn(async move {
                sleep(wait).await;
                drop(sender);
            });
            let _ = tokio::join!(receiver.recv(), task, sleep(wait));
        });
    }
    for clones in [1, 2, pick(3..=9) as usize, 300] {
        let mut case = Case::new([Does::Keeps(clones)]);
        case.poll('A');
        case.expect(
            false,
            "A clone of the waker exists, so somebody can still wake the task: it waits, and is not lost.",
        );
    }
}

/// A future that calls its waker in the poll need not keep it.
#[test]
fn a_future_that_wakes_itself_is_not_lost() {
    let why = "The waker was called since that poll began, so the task will be polled again: it is not lost.";
    for does in [Does::WakesByReference, Does::WakesAClone, Does::WakesElsewhere] {
        let mut case = Case::new([does, does, Does::Keeps(1), does]);
        for wakes in [1, 2, 2, 3] {
            case.poll('A');
            case.expect(false, why);
            case.check_wakes([wakes, 0], "The future called its waker while it was polled");
        }
    }
    vt(async {
        let (watched, report) = watch(tokio::task::yield_now());
        let mut watched = pin!(watched);
        let first = poll_fn(|context| Poll::Ready(watched.as_mut().poll(context).is_pending())).await;
        assert!(
            first,
            "`yield_now` was ready at its first poll when it was watched. Alone, it is `Pending` once."
        );
        assert!(
            !report.is_lost(),
            "`yield_now` returned `Pending`, and `is_lost` said true. It called its waker and kept no clone: {why}"
        );
        watched.await;
    });
}

/// A future that neither keeps nor calls its waker is lost.
#[test]
fn a_future_that_forgets_its_waker_is_lost() {
    let why = "No clone of that waker exists, and nobody has called it: nobody can wake the task any more, so it is lost.";
    for does in [Does::Forgets, Does::DropsAClone] {
        let mut case = Case::new([does]);
        case.poll('A');
        case.expect(true, why);
    }
    let (watched, report) = watch(std::future::pending::<()>());
    let mut watched = Box::pin(watched);
    let poll = poll_once(&mut watched, Waker::noop());
    assert!(
        poll.is_pending() && report.is_lost(),
        "`std::future::pending()` was polled, and `is_lost` said false. It never keeps a waker. {why}"
    );
}

/// What happens to the clones after the poll counts, too.
#[test]
fn a_clone_that_is_dropped_later_leaves_it_lost() {
    let gone = "That was the last clone, and nobody had called it. The future was not polled since then, and is lost all the same.";
    for clones in [1, pick(2..=5) as usize] {
        let mut case = Case::new([Does::Keeps(clones)]);
        case.poll('A');
        for left in (0..clones).rev() {
            case.drop_a_clone();
            case.expect(left == 0, if left == 0 { gone } else { "Other clones are left: it waits." });
        }
    }
    let mut case = Case::new([Does::Keeps(1)]);
    case.poll('A');
    let clone = case.kept().pop();
    case.said("another thread dropped the clone");
    elsewhere(move || drop(clone)).finish().unwrap();
    case.expect(true, gone);

    let woken =
        "The waker was called before it was gone: the task will be polled again, and the future is not lost.";
    let mut case = Case::new([Does::Keeps(1)]);
    case.poll('A');
    case.call_a_clone();
    case.expect(false, woken);
    let mut case = Case::new([Does::Keeps(2)]);
    case.poll('A');
    case.call_by_reference();
    case.drop_a_clone();
    case.drop_a_clone();
    case.expect(false, woken);
    let mut case = Case::new([Does::Keeps(1)]);
    case.poll('A');
    let clone = case.kept().pop().unwrap();
    case.said("another thread called the clone");
    elsewhere(move || clone.wake()).finish().unwrap();
    case.expect(false, woken);

    // An event with room for one waker.
    let slot = Arc::new(Mutex::new(None));
    let one_slot = || {
        let slot = slot.clone();
        poll_fn(move |context| {
            let before = lock(&slot).replace(context.waker().clone());
            drop(before);
            Poll::<()>::Pending
        })
    };
    let ((mut first, first_report), (mut second, second_report)) = (watch(one_slot()), watch(one_slot()));
    let _ = (
        poll_once(&mut first, &CountingWaker::new().waker()),
        poll_once(&mut second, &CountingWaker::new().waker()),
    );
    assert!(
        first_report.is_lost(),
        "Two futures wait for an event that has room for one waker. The second one overwrote the waker of the first one, and \
         `is_lost` of the first one said false. {gone}"
    );
    assert!(
        !second_report.is_lost(),
        "Two futures wait for an event that has room for one waker. The second one's waker is there, and `is_lost` said true."
    );
}

/// Each poll begins anew: a wake before it was answered by it.
#[test]
fn each_poll_counts_anew() {
    let answered = "The wake before that poll was answered by it, and says nothing about the next one: the future is lost.";
    let mut case =
        Case::new([Does::Keeps(1), Does::Forgets, Does::Keeps(1), Does::WakesByReference, Does::Forgets]);
    case.poll('A');
    case.call_a_clone();
    case.poll('A');
    case.expect(true, answered);
    case.poll('A');
    case.expect(false, "The latest poll has kept a clone: it waits.");
    case.call_a_clone();
    case.poll('A');
    case.expect(false, "The latest poll has called the waker itself.");
    case.poll('A');
    case.expect(true, answered);

    let mut case = Case::new([Does::WakesAClone, Does::Forgets]);
    case.poll('A');
    case.poll('B');
    case.expect(true, answered);

    stage("an executor polls the future from within `wake`");
    let case = Arc::new(Mutex::new(Case::new([Does::Keeps(1), Does::Forgets])));
    lock(&case).poll('A');
    let eager = lock(&case).task('A');
    let clone = lock(&case).kept().pop().unwrap();
    lock(&case).said("the clone was called, and the executor polled at once, within that call");
    eager.on_wake({
        let case = case.clone();
        move || lock(&case).poll('A')
    });
    clone.wake();
    lock(&case).expect(
        true,
        "That call began before that poll, and was answered by it. The poll has neither called nor kept its waker: the future is lost.",
    );
    // The hook has the case, and the case has the hook.
    eager.on_wake(|| {});
}

/// While the same task polls, `will_wake` inside of the future says so.
#[test]
fn the_same_task_has_the_same_waker() {
    let polls = pick(20..=90) as usize;
    let mut case = Case::new(vec![Does::KeepsIfNew; polls]);
    for _ in 0..polls {
        case.poll('A');
    }
    let kept = case.kept().len();
    assert!(
        kept == 1,
        "Task A polled a future {polls} times. It keeps a waker unless `will_wake` says that it has that one, and has {kept} now; \
         without `Watched` it would be 1. While the same task polls, the future sees the same waker."
    );
    case.expect(false, "A clone is kept: it waits.");

    let mut case = Case::new([Does::Keeps(1), Does::LeavesIt, Does::LeavesIt]);
    for _ in 0..3 {
        case.poll('A');
        case.expect(false, "The clone of the first poll wakes the task that polls now, too: it waits.");
    }
}

/// Only a waker of the task that polled the future last can bring it on.
#[test]
fn the_task_that_polled_it_last_counts() {
    let stale = "That clone can wake task A alone. Task B polled the future last, and nothing can wake it: the future is lost.";
    let mut case = Case::new([Does::Keeps(1), Does::LeavesIt, Does::Keeps(1)]);
    case.poll('A');
    case.expect(false, "A clone is kept: it waits.");
    case.poll('B');
    case.expect(true, stale);
    case.call_by_reference();
    case.check_wakes([1, 0], "A clone that task A's poll has kept was called");
    case.expect(true, stale);
    case.poll('B');
    case.expect(false, "A clone of task B's waker is kept: it waits.");
    // The one of task A.
    drop(case.kept().remove(0));
    case.said("the older clone was dropped");
    case.expect(false, "A clone of task B's waker is left: it waits.");
    case.drop_a_clone();
    case.expect(true, "No clone is left that could wake task B: it is lost.");

    let mut case = Case::new([Does::KeepsIfNew, Does::KeepsIfNew, Does::KeepsIfNew]);
    for task in ['A', 'B', 'B'] {
        case.poll(task);
    }
    let kept = case.kept().len();
    assert!(
        kept == 2,
        "Task A polled a future once, and task B twice. It keeps a waker unless `will_wake` says that it has that one, and has \
         {kept} now, for 2 tasks."
    );

    let mut case = Case::new([Does::Keeps(1), Does::Replaces, Does::Replaces]);
    for task in ['A', 'B', 'A'] {
        case.poll(task);
        case.expect(false, "The future has a clone of the newest waker: it waits.");
    }
    case.drop_a_clone();
    case.expect(true, "No clone is left: it is lost.");
}

/// `Watched` only looks: as many polls, as many wakes, for the same tasks, and the same output.
#[test]
fn wakes_go_to_their_tasks() {
    let mut case = Case::new([Does::Keeps(3), Does::Keeps(1), Does::Returns(0)]);
    case.poll('A');
    case.check_polls(1);
    for _ in 0..3 {
        case.call_by_reference();
    }
    case.check_wakes([3, 0], "A clone of task A's waker was called 3 times, by reference");
    case.call_a_clone();
    case.check_wakes([4, 0], "Another clone of task A's waker was called, by value");
    case.poll('B');
    case.check_polls(2);
    let of_a = case.kept().remove(0);
    let of_b = case.kept().pop().unwrap();
    case.said("a clone of A's waker and one of B's were called");
    of_a.wake();
    case.check_wakes([5, 0], "A clone of task A's waker was called, after task B had polled");
    of_b.wake();
    case.check_wakes([5, 1], "A clone of task B's waker was called");
    let left = case.kept().pop().unwrap();
    case.poll('B');
    case.check_polls(3);
    case.check_wakes([5, 1], "The future returned its output");
    left.wake();
    case.check_wakes(
        [6, 1],
        "A clone of task A's waker was called, after the future had returned its output",
    );

    for value in [0, pick(1..=9), u64::MAX] {
        let mut watched = watch(std::future::ready(value)).0;
        check_eq!(
            poll_once(&mut watched, Waker::noop()),
            Poll::Ready(value),
            "A future that returns {value} was watched."
        );
    }
    let owned = Arc::new(());
    let (watched, _report) = watch({
        let owned = owned.clone();
        async move {
            std::future::pending::<()>().await;
            drop(owned);
        }
    });
    let mut watched = Box::pin(watched);
    let poll = poll_once(&mut watched, Waker::noop());
    assert!(poll.is_pending(), "`std::future::pending()` was watched, and became ready.");
    assert_send(&watched);
    drop(watched);
    assert!(
        Arc::strong_count(&owned) == 1,
        "`Watched` was dropped, and what the future owned is still there. Dropping it cancels the future."
    );
}

/// Foreign code may ask for the report: the future in its poll, and a waker that is called, cloned or dropped.
#[test]
fn the_report_can_be_asked_at_any_time() {
    let asked: Arc<Mutex<Vec<(&str, Elsewhere)>>> = Arc::default();
    let ask = |when: &'static str, report: &Arc<Report>| {
        let (asked, report) = (asked.clone(), report.clone());
        move || {
            let report = report.clone();
            let answer = elsewhere(move || {
                report.is_lost();
            });
            lock(&asked).push((when, answer));
        }
    };
    let steps = [Does::Forgets, Does::Keeps(1), Does::Replaces, Does::WakesByReference, Does::Forgets];
    let report = Arc::new(Mutex::new(None::<Arc<Report>>));
    let inside = report.clone();
    let mut steps = VecDeque::from(steps);
    let kept: Kept = Arc::default();
    let (poll_asked, poll_kept) = (asked.clone(), kept.clone());
    let future = poll_fn(move |context| {
        if let Some(report) = lock(&inside).clone() {
            let answer = elsewhere(move || {
                report.is_lost();
            });
            lock(&poll_asked).push(("was polled", answer));
        }
        let step = steps.pop_front().unwrap_or(Does::Forgets);
        step.with(context.waker(), &poll_kept);
        Poll::<()>::Pending
    });
    let (mut watched, its) = watch(future);
    let its = Arc::new(its);
    *lock(&report) = Some(its.clone());
    let tasks = [CountingWaker::new(), CountingWaker::new()];
    for task in &tasks {
        task.on_clone(ask("cloned a waker", &its));
        task.on_wake(ask("called a waker", &its));
        task.on_drop(ask("dropped a waker", &its));
    }
    for task in [0, 1, 1, 0, 1] {
        let waker = tasks[task].waker();
        let _ = poll_once(&mut watched, &waker);
        let kept = lock(&kept).first().cloned();
        kept.into_iter().for_each(Waker::wake);
    }
    drop(watched);
    lock(&kept).clear();
    for task in &tasks {
        task.on_clone(|| {});
        task.on_wake(|| {});
        task.on_drop(|| {});
    }
    *lock(&report) = None;
    let mut blocked = None;
    for (when, answer) in std::mem::take(&mut *lock(&asked)) {
        if answer.had_to_wait() {
            blocked.get_or_insert(when);
        }
        let _ = answer.finish();
    }
    if let Some(when) = blocked {
        let when = if when == "was polled" {
            "the future was polled".to_owned()
        } else {
            format!("your code {when}")
        };
        panic!(
            "While {when}, another thread called `is_lost`, and had to wait: you hold a lock there. All of these run foreign code. \
             If that asks for the report, on this thread, it waits for you, and you wait for it."
        );
    }
}

/// A future that does not wait is not lost.
#[test]
fn what_does_not_wait_is_not_lost() {
    let mut case = Case::new([Does::Forgets, Does::Returns(pick(0..=9))]);
    case.expect(false, "It was not polled yet, and does not wait for anything.");
    case.poll('A');
    case.expect(true, "It has forgotten its waker: it is lost.");
    case.poll('A');
    case.expect(false, "It is done, and does not wait for anything.");

    let mut case = Case::new([Does::Returns(0)]);
    case.poll('A');
    case.expect(false, "It is done, and does not wait for anything.");

    let mut case = Case::new([Does::Forgets, Does::Asks]);
    case.poll('A');
    case.poll('B');
    let (said, asks) = lock(&case.shared.answers).pop().expect("it has asked");
    asks.finish().unwrap();
    let said = said.unwrap_or_else(|| panic!(
        "While the future was polled, another thread called `is_lost`, and had to wait: you hold a lock meanwhile. A future is foreign \
         code, and may ask for its own report."
    ));
    assert!(
        !said,
        "In its second poll, the future asked for its own report, and `is_lost` said true. A future that is being polled does \
         not wait."
    );

    let mut case = Case::new([Does::Forgets, Does::Panics]);
    case.poll('A');
    case.poll('A');
    case.expect(false, "It panicked in its latest poll, so that one did not return `Pending`.");

    let mut case = Case::new([Does::Forgets]);
    case.poll('A');
    case.drop_it();
    case.expect(false, "A future that was dropped does not wait for anything.");
    let mut case = Case::new([Does::Keeps(2)]);
    case.poll('A');
    case.drop_it();
    case.expect(false, "A future that was dropped does not wait for anything.");
    case.drop_a_clone();
    case.drop_a_clone();
    case.expect(
        false,
        "A future that was dropped does not wait for anything, whatever becomes of its wakers.",
    );
}

/// A report is about its own future: hundreds of them, and one in another.
#[test]
fn each_future_has_its_own_report() {
    let count = pick(200..=400) as usize;
    let mut cases: Vec<_> = (0..count)
        .map(|number| Case::quiet([if number % 3 == 0 { Does::Forgets } else { Does::Keeps(1) }]))
        .collect();
    for case in &mut cases {
        case.poll('A');
    }
    let found = cases.iter().filter(|case| case.report.is_lost()).count();
    let expected = count.div_ceil(3);
    assert!(
        found == expected,
        "{count} futures were watched, and {expected} of them forgot their wakers. {found} reports call them lost: each is about its \
         own future."
    );
    for case in &cases {
        case.expect(case.kept().is_empty(), "Each report is about its own future.");
    }

    let waker = CountingWaker::new();
    let kept: Kept = Arc::default();
    let keeps = poll_fn({
        let kept = kept.clone();
        move |context| {
            lock(&kept).push(context.waker().clone());
            Poll::<()>::Pending
        }
    });
    let (forgetful, of_forgetful) = watch(std::future::pending::<()>());
    let (keeps, of_keeps) = watch(keeps);
    let (mut both, of_both) = watch(Box::pin(async { tokio::join!(forgetful, keeps) }));
    let _ = poll_once(&mut both, &waker.waker());
    let found = [of_forgetful.is_lost(), of_keeps.is_lost(), of_both.is_lost()];
    assert!(
        found == [true, false, false],
        "Two watched futures were joined, and the join was watched. The first future forgets its waker, the second one keeps a clone. \
         The reports of the two and the join say lost: {found:?}. Only the first future is: the other one can wake the join."
    );
    lock(&kept).pop().unwrap().wake();
    assert!(
        waker.wakes() == 1,
        "A waker was called that had gone through two `Watched`, and its task was woken {} times.",
        waker.wakes()
    );
}

/// What a future does in a poll, mostly with its waker.
#[derive(Clone, Copy)]
enum Does {
    Forgets,
    DropsAClone,
    Keeps(usize),
    /// Keeps a clone, unless one of those that it has wakes the same task.
    KeepsIfNew,
    /// Keeps a clone in place of the one before.
    Replaces,
    /// Whatever was kept stays where it is.
    LeavesIt,
    WakesByReference,
    WakesAClone,
    WakesElsewhere,
    Returns(u64),
    Panics,
    /// For its own report.
    Asks,
}

type Kept = Arc<Mutex<Vec<Waker>>>;

impl Does {
    fn with(self, waker: &Waker, kept: &Kept) {
        match self {
            Self::DropsAClone => drop(waker.clone()),
            Self::Keeps(clones) => lock(kept).extend((0..clones).map(|_| waker.clone())),
            Self::KeepsIfNew => {
                if !lock(kept).iter().any(|kept| kept.will_wake(waker)) {
                    lock(kept).push(waker.clone());
                }
            }
            Self::Replaces => {
                let clone = waker.clone();
                let before = std::mem::replace(&mut *lock(kept), vec![clone]);
                drop(before);
            }
            Self::WakesByReference => waker.wake_by_ref(),
            Self::WakesAClone => waker.clone().wake(),
            Self::WakesElsewhere => {
                let clone = waker.clone();
                elsewhere(move || clone.wake()).finish().unwrap();
            }
            Self::Forgets | Self::LeavesIt | Self::Returns(_) | Self::Panics | Self::Asks => {}
        }
    }

    fn said(self) -> &'static str {
        match self {
            Self::Forgets => "forgot its waker",
            Self::DropsAClone => "cloned its waker, and dropped the clone",
            Self::Keeps(1) => "kept a clone of its waker",
            Self::Keeps(_) => "kept several clones of its waker",
            Self::KeepsIfNew => "kept a clone, unless it had one of that task",
            Self::Replaces => "kept a clone in place of the one before",
            Self::LeavesIt => "left the clone that was there",
            Self::WakesByReference => "called its waker by reference, and kept none",
            Self::WakesAClone => "called a clone of its waker, and kept none",
            Self::WakesElsewhere => "had another thread call a clone of its waker",
            Self::Returns(_) => "returned its output",
            Self::Panics => "panicked",
            Self::Asks => "asked for its report, and forgot its waker",
        }
    }
}

/// A future that does what it is told, in order.
struct Scripted {
    steps: VecDeque<Does>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    kept: Kept,
    polls: Mutex<usize>,
    report: Mutex<Option<Arc<Report>>>,
    /// What `is_lost` said, if it did so at once.
    answers: Mutex<Vec<(Option<bool>, Elsewhere)>>,
}

impl Future for Scripted {
    type Output = u64;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u64> {
        let this = self.get_mut();
        *lock(&this.shared.polls) += 1;
        let does = this.steps.pop_front().unwrap_or(Does::Forgets);
        does.with(context.waker(), &this.shared.kept);
        match does {
            Does::Returns(value) => return Poll::Ready(value),
            Does::Panics => std::panic::resume_unwind(Box::new("the future is broken")),
            Does::Asks => {
                let report = lock(&this.shared.report).clone().expect("there is a report");
                let answer = Arc::new(Mutex::new(None));
                let asks = elsewhere({
                    let answer = answer.clone();
                    move || {
                        let lost = report.is_lost();
                        *lock(&answer) = Some(lost);
                    }
                });
                let found = if asks.had_to_wait() { None } else { *lock(&answer) };
                lock(&this.shared.answers).push((found, asks));
            }
            _ => {}
        }
        Poll::Pending
    }
}

/// A watched future, its tasks, and what has happened to it.
struct Case {
    watched: Option<Watched<Scripted>>,
    report: Arc<Report>,
    shared: Arc<Shared>,
    steps: VecDeque<Does>,
    tasks: [CountingWaker; 2],
    story: Vec<String>,
    lanes: Option<[Lane; 2]>,
}

impl Case {
    fn new(steps: impl IntoIterator<Item = Does>) -> Self {
        let timeline = Timeline::new();
        let lanes = Some([timeline.lane("future"), timeline.lane("is_lost")]);
        Self { lanes, ..Self::quiet(steps) }
    }

    /// Without a drawing.
    fn quiet(steps: impl IntoIterator<Item = Does>) -> Self {
        let steps: VecDeque<Does> = steps.into_iter().collect();
        let shared = Arc::new(Shared::default());
        let (watched, report) = watch(Scripted { steps: steps.clone(), shared: shared.clone() });
        let report = Arc::new(report);
        *lock(&shared.report) = Some(report.clone());
        let tasks = [CountingWaker::new(), CountingWaker::new()];
        Self { watched: Some(watched), report, shared, steps, tasks, story: Vec::new(), lanes: None }
    }

    fn task(&self, name: char) -> CountingWaker {
        self.tasks[usize::from(name == 'B')].clone()
    }

    fn poll(&mut self, task: char) {
        let does = self.steps.pop_front().map_or("forgot its waker", Does::said);
        self.said(&format!("task {task} polled the future, which {does}"));
        let waker = self.task(task).waker();
        let watched = self.watched.as_mut().expect("it has not been dropped");
        if let Err(text) = panic_of(|| poll_once(watched, &waker)) {
            assert!(text.contains("the future is broken"), "{text}");
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Waker>> {
        lock(&self.shared.kept)
    }

    fn call_a_clone(&mut self) {
        let clone = self.kept().pop().expect("a clone was kept");
        self.said("a clone was called by value");
        clone.wake();
    }

    fn call_by_reference(&mut self) {
        let clone = self.kept().pop().expect("a clone was kept");
        self.said("a clone was called by reference");
        clone.wake_by_ref();
        self.kept().push(clone);
    }

    fn drop_a_clone(&mut self) {
        let clone = self.kept().pop().expect("a clone was kept");
        self.said("a clone was dropped");
        drop(clone);
    }

    fn drop_it(&mut self) {
        self.said("the future was dropped");
        self.watched = None;
    }

    fn said(&mut self, what: &str) {
        if let Some([future, _]) = &self.lanes {
            future.mark(what);
        }
        self.story.push(what.to_owned());
    }

    fn expect(&self, lost: bool, why: &str) {
        let found = self.report.is_lost();
        if let Some([_, report]) = &self.lanes {
            report.mark(found.to_string());
        }
        // The latest of it says most.
        let latest = &self.story[self.story.len().saturating_sub(3)..];
        let before = if latest.len() < self.story.len() { "… " } else { "" };
        let story = if latest.is_empty() { "the future was made".to_owned() } else { latest.join("; ") };
        assert!(found == lost, "What happened: {before}{story}. Then `is_lost` said {found}. {why}");
    }

    fn check_polls(&self, expected: usize) {
        let polls = *lock(&self.shared.polls);
        assert!(
            polls == expected,
            "`Watched` was polled {}, and the future in it {}. Each poll is passed on, once.",
            times(expected),
            times(polls)
        );
    }

    fn check_wakes(&self, expected: [usize; 2], what: &str) {
        let found = [0, 1].map(|task| self.tasks[task].wakes());
        assert!(
            found == expected,
            "{what}. Altogether, the two tasks were woken {} and {} times, where without `Watched` it would be {} and {}: each wake is \
             passed on, once, to the task that its waker was made for.",
            found[0],
            found[1],
            expected[0],
            expected[1]
        );
    }
}

/// Carries a future out that takes `wait`, and asks half-way.
fn waits(said: &str, wait: Duration, future: impl Future<Output = ()>) {
    vt(async {
        let timeline = Timeline::new();
        let lane = timeline.lane("is_lost");
        let (watched, report) = watch(future);
        let mut watched = pin!(watched);
        let pending = poll_fn(|context| Poll::Ready(watched.as_mut().poll(context).is_pending())).await;
        assert!(
            pending,
            "A future that waits for {} was watched, and was ready at its first poll.",
            in_words(wait)
        );
        sleep(wait / 2).await;
        let lost = report.is_lost();
        lane.mark(lost.to_string());
        assert!(
            !lost,
            "{said} {}, and `is_lost` said true. Its waker is kept by the runtime, which will call it. A wait is not a lost waker, \
             however long it is.",
            in_words(wait)
        );
        tokio::select! {
            biased;
            // First, or the last poll would find that the wait is over.
            () = sleep(wait) => panic!(
                "A future that waits for {} was watched, and its task was not woken when the wait was over. Each wake is passed on.",
                in_words(wait)
            ),
            () = &mut watched => {}
        }
        let lost = report.is_lost();
        assert!(
            !lost,
            "{said} {}, and then it was done. `is_lost` said true: what is done waits for nobody.",
            in_words(wait)
        );
    });
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
