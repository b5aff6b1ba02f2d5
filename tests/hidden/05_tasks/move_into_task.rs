//! Hidden tests of `move_into_task`: who sees the album, how many copies of it are made, and what remains of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::publish;
use testkit::{
    InFlight, Log, handed_on, in_words, panic_of, pick, settle, side_by_side, stage, vt, within_polls,
};
use tokio::task::try_id;
use tokio::time::{sleep, timeout};

/// Every subscriber sees the whole album, all at the same time, and the photos are counted.
#[test]
fn every_subscriber_sees_the_album() {
    // The album of another size shows an answer that makes its number up; the slow one among the subscribers, an answer
    // that waits for some of them, or for some time.
    for (photos, subscribers, slow) in [(4, 3, 0), (pick(5..=50), 5, 4), (2, 3, 1)] {
        check(&watch(usize::try_from(photos).expect("it was picked small enough"), subscribers, slow));
    }
}

/// There may be hundreds of subscribers, one, or none; each has a separate task.
#[test]
fn any_number_looks_at_once() {
    let many = usize::try_from(pick(400..=700)).expect("it was picked small enough");
    for (photos, subscribers) in [(3, 2), (1, 1), (5, 0), (0, 2), (3, many)] {
        let seen = watch(photos, subscribers, subscribers / 2);
        check(&seen);
        let mut tasks = seen.tasks.events();
        tasks.sort_unstable();
        tasks.dedup();
        tasks.retain(|task| task != "None");
        assert!(
            tasks.len() == subscribers,
            "{subscribers} subscribers looked at the album, in {} spawned tasks. Each of them needs a separate task.",
            tasks.len()
        );
    }
}

/// All tasks look at the same album: it is never copied.
#[test]
fn nobody_copies_the_album() {
    let (photos, subscribers) = (4, 3);
    let seen = watch(photos, subscribers, 0);
    let copies = seen.cloned.div_ceil(photos);
    assert!(
        copies != 1,
        "Copied once: `publish` received an album, and made a second one. Share the first one."
    );
    assert!(
        copies == 0,
        "Copied {copies} times; share it. Each task has to be an owner, but not of a separate album."
    );
}

/// When `publish` is done, the memory of the album has been freed.
#[test]
fn the_album_is_freed() {
    for subscribers in [3, 0] {
        let seen = watch(4, subscribers, 0);
        let all = 4 + seen.cloned;
        assert!(
            seen.dropped == all,
            "Leaked: the data must be freed when the last task ends (drop count {}, of {all} photos, shown to \
             {subscribers} subscribers). `'static` requires a task that owns what it uses. It does not require data \
             that lives forever.",
            seen.dropped
        );
    }
}

/// It may be polled by one task first, and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `publish`");
    let viewers = (1..=3).map(Visitor).collect();
    if let Err(text) = panic_of(|| vt(handed_on("`publish`", 16, publish(vec![1, 2], viewers)))) {
        panic!("{text}");
    }
}

/// Two albums may be shown at the same time, and the quick one does not wait for the slow one.
#[test]
fn calls_do_not_wait_for_each_other() {
    stage("`publish` has been called twice, with a slow subscriber and with a quick one");
    let call = |hours| publish(vec![1, 2], vec![Visitor(hours)]);
    if let Err(text) = panic_of(|| vt(side_by_side("`publish`", 16, call(pick(7_000..=8_000)), call(1)))) {
        panic!("{text}");
    }
}

/// Looks at the album for so many hours.
struct Visitor(u64);

impl exercise::Subscriber<i32> for Visitor {
    async fn show(&self, _: &[i32]) {
        sleep(Duration::from_secs(3600 * self.0)).await;
    }
}

/// What a run of `publish` came to.
struct Seen {
    photos: usize,
    subscribers: usize,
    count: usize,
    took: Duration,
    /// What each subscriber had seen when it returned.
    shown: Vec<String>,
    /// The tasks in which they were shown it.
    tasks: Log,
    most_at_once: usize,
    /// Photos that were cloned.
    cloned: usize,
    /// Photos that had been dropped when it returned.
    dropped: usize,
}

fn check(seen: &Seen) {
    let Seen { photos, subscribers, count, most_at_once, .. } = *seen;
    assert!(
        seen.shown.len() >= subscribers,
        "{} of {subscribers} subscribers had seen the album of {photos} photos when `publish` returned, after {}. It \
         returns when all of them have seen it.",
        seen.shown.len(),
        in_words(seen.took)
    );
    let whole = format!("{:?}", (1..=photos).collect::<Vec<_>>());
    let other = seen.shown.iter().find(|shown| **shown != whole);
    if let Some(other) = other {
        panic!("The album has {photos} photos, {whole}, but a subscriber was shown {other}.");
    }
    assert!(
        seen.shown.len() == subscribers,
        "There are {subscribers} subscribers, but the album was shown {} times.",
        seen.shown.len()
    );
    assert!(
        count == photos || subscribers > 0,
        "Nobody follows this album of {photos} photos, and `publish` returned {count}. Count its photos even if \
         nobody looks at them."
    );
    assert!(
        count == photos,
        "The album has {photos} photos, but `publish` returned {count}. After you spawn a task, you can still use \
         what you own together with it."
    );
    assert!(
        most_at_once == subscribers || most_at_once < 2,
        "At most {most_at_once} of {subscribers} subscribers were looking at the album at the same time. There is no \
         limit: none of them has to wait for another."
    );
    assert!(
        most_at_once == subscribers,
        "At most {most_at_once} of {subscribers} subscribers were looking at the album at the same time. Each of \
         them has a separate task, so none has to wait for another."
    );
    let slowest = if subscribers == 0 { Duration::ZERO } else { looks(true) };
    // Tokio's clock counts whole milliseconds and may round up.
    assert!(
        seen.took < slowest + Duration::from_millis(2),
        "All {subscribers} subscribers had seen the album after {}, but `publish` returned after {}.",
        in_words(slowest),
        in_words(seen.took)
    );
}

/// Has an album published for so many subscribers, of which the one with the number `slow` takes longer.
fn watch(photos: usize, subscribers: usize, slow: usize) -> Seen {
    let (cloned, dropped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (shown, tasks, strangers, at_work) = (Log::new(), Log::new(), Log::new(), InFlight::new());
    let album = (1..=photos)
        .map(|number| Photo { number, cloned: cloned.clone(), dropped: dropped.clone() })
        .collect();
    let viewers = (0..subscribers)
        .map(|number| Viewer {
            looks: looks(number == slow),
            home: thread::current().id(),
            shown: shown.clone(),
            tasks: tasks.clone(),
            strangers: strangers.clone(),
            at_work: at_work.clone(),
        })
        .collect();
    stage("`publish` has been called");
    let polls = 2 * subscribers + 10;
    let run = panic_of(|| {
        vt(async {
            let start = tokio::time::Instant::now();
            let count = timeout(FOR_EVER, within_polls(polls, publish(album, viewers))).await;
            let (took, shown) = (start.elapsed(), shown.events());
            settle().await;
            (count, took, shown, dropped.load(Ordering::SeqCst))
        })
        .0
    });
    assert!(
        strangers.is_empty(),
        "{} of {subscribers} subscribers were shown the album on separate threads. The runtime that `publish` is \
         called on can wait for all of them with the thread that it has: spawn the tasks there.",
        strangers.len()
    );
    match run {
        Ok((Ok(Some(count)), took, shown, dropped)) => Seen {
            photos,
            subscribers,
            count,
            took,
            shown,
            tasks,
            most_at_once: at_work.max(),
            cloned: cloned.load(Ordering::SeqCst),
            dropped,
        },
        Ok((Ok(None), ..)) => panic!(
            "`publish` was polled {polls} times while {subscribers} subscribers looked at the album: it keeps asking \
             whether they are done. Await a `JoinHandle`, and you are woken once, when its task is done."
        ),
        Ok((Err(_), _, shown, _)) => panic!(
            "{} of {subscribers} subscribers have seen the album, nobody looks at it any more, but `publish` still \
             waits. Nothing is left that could wake it.",
            shown.len()
        ),
        Err(text) if text.contains("from within a runtime") => panic!(
            "You started a second runtime inside the first one: `publish` already runs on a runtime, so spawn your \
             tasks onto that one. ({text})"
        ),
        Err(text) if subscribers == 0 => {
            panic!("There were no subscribers, and `publish` panicked: {text}")
        }
        Err(text) => panic!("`publish` panicked before it was done: {text}"),
    }
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// For how long a subscriber looks: longer than any guess, or shorter.
fn looks(slow: bool) -> Duration {
    if slow { Duration::from_secs(300 * 24 * 3600 + 4321) } else { Duration::from_millis(1) }
}

/// A photo that counts its copies and its ends.
struct Photo {
    number: usize,
    cloned: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
}

impl Clone for Photo {
    fn clone(&self) -> Self {
        self.cloned.fetch_add(1, Ordering::SeqCst);
        Self { number: self.number, cloned: self.cloned.clone(), dropped: self.dropped.clone() }
    }
}

impl Drop for Photo {
    fn drop(&mut self) {
        self.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

/// Looks at the album for a millisecond or a year, then tells what is in it. On another thread than `home` it does not
/// wait: the clock there may be a real one.
struct Viewer {
    looks: Duration,
    home: ThreadId,
    shown: Log,
    tasks: Log,
    strangers: Log,
    at_work: InFlight,
}

impl exercise::Subscriber<Photo> for Viewer {
    async fn show(&self, album: &[Photo]) {
        self.tasks.push(format!("{:?}", try_id()));
        if thread::current().id() == self.home {
            let _looking = self.at_work.enter();
            sleep(self.looks).await;
        } else {
            self.strangers.push("a subscriber");
        }
        let numbers: Vec<usize> = album.iter().map(|photo| photo.number).collect();
        self.shown.push(format!("{numbers:?}"));
    }
}
