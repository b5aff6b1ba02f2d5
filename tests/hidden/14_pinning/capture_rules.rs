//! Hidden tests of `capture_rules`: what the meter is told and when, how long uploads live, and what is copied.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Waker;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Meter, bill, serve};
use testkit::{
    Log, Timeline, Unrest, allocations, assert_send, assert_static, check_eq, counted, handed_on, in_words,
    panic_of, pick, poll_once, side_by_side, stage, to_its_end, vt,
};
use tokio::task::yield_now;
use tokio::time::sleep;

/// The meter is told of each upload, with its size.
#[test]
fn each_upload_is_billed() {
    let size = || usize::try_from(pick(10..=9_000)).expect("it was picked small enough");
    let (one, same) = (size(), size());
    for (sizes, pace) in [
        (vec![one], Pace::Same),
        (vec![one, size(), size()], Pace::Later),
        (vec![one, size(), size()], Pace::Sooner),
        (vec![same, same, same], Pace::Later),
        // An upload is an upload, also without a byte.
        (vec![0, one, 0], Pace::Sooner),
        (Vec::new(), Pace::Same),
        ((0..300).map(|_| size()).collect(), Pace::Later),
    ] {
        stage(format!("`serve` is called with {}", counted(sizes.len(), "upload")));
        let office = Office { pace, ..Office::new(minutes()) };
        office.serve(&sizes);
        let mut told: Vec<u64> = office.told();
        let mut right: Vec<u64> = sizes.iter().map(|size| *size as u64).collect();
        told.sort_unstable();
        right.sort_unstable();
        let all: u64 = right.iter().sum();
        assert!(
            right.contains(&all) || told != [all],
            "There were {}, and the meter was told once, of {all} bytes: that is the sum. Each upload is reported, with its own size.",
            counted(right.len(), "upload")
        );
        if let Some(missing) = missing(&right, &told) {
            panic!(
                "Of {}, the meter was told of {} when `serve` returned. An upload of {missing} bytes is missing: each upload is \
                 reported, with its own size, and `serve` waits for every report.",
                counted(right.len(), "upload"),
                told.len()
            );
        }
        check_eq!(
            told,
            right,
            "There were {}, and the meter was told of {}. Each upload is reported once.",
            counted(right.len(), "upload"),
            told.len()
        );
    }
}

/// While the meter is told of one upload, `serve` takes the next.
#[test]
fn no_upload_waits_for_a_report() {
    for count in [2, 5, 300] {
        let time = minutes();
        stage(format!("{count} uploads, and each report takes {}", in_words(time)));
        let office = Office::new(time);
        let took = office.serve(&vec![9; count]);
        if let Some((n, at)) = office.taken.timed().iter().find(|(_, at)| *at >= GRAIN) {
            panic!(
                "Upload {n} was taken {} after `serve` was called: it had to wait for a report. `serve` starts a task for each report \
                 and takes the next upload at once.",
                in_words(*at)
            );
        }
        assert!(
            took < time + GRAIN,
            "{count} reports take {} each, all at the same time, and `serve` took {}.",
            in_words(time),
            in_words(took)
        );
    }
}

/// While nobody polls `serve`, the reports go on.
#[test]
fn each_report_is_a_task() {
    stage("`serve` is polled once, and its caller is busy with something else");
    let office = Office::new(Duration::from_secs(3600 * pick(1..=5)));
    let call = serve(Arc::new(office.clone()), office.uploads(&[7, 8, 9]));
    let run = panic_of(|| {
        vt(async {
            let mut call = Box::pin(call);
            let early = poll_once(&mut call, Waker::noop()).is_ready();
            sleep(2 * office.time).await;
            (early, office.done.len())
        })
    });
    office.check_strangers();
    let ((early, done), _) = run.unwrap_or_else(|text| explain("`serve`", &text));
    assert!(
        !early,
        "No report was done, and `serve` returned in its first poll. It returns when the meter has been told."
    );
    check_eq!(
        done,
        3,
        "`serve` was polled once, and then its caller was busy for {}. Meanwhile {done} of 3 reports were made. Each report is a task: \
         the runtime polls it, whatever the caller of `serve` does.",
        in_words(2 * office.time)
    );
}

/// An upload is dropped before the next one is taken.
#[test]
fn an_upload_does_not_live_longer_than_its_turn() {
    stage("`serve` takes one upload after another");
    let office = Office::new(minutes());
    office.serve(&[10, 20, 30, 40]);
    if let Some(text) = office.crowds.events().first() {
        panic!(
            "{text} An upload is dropped before `serve` takes the next one: what a report needs of it is its size."
        );
    }
    let left = office.alive.load(Ordering::SeqCst);
    assert!(
        left == 0,
        "`serve` has returned, and {} {} still there. Whoever leaks an upload keeps its memory for good.",
        counted(left, "upload"),
        if left == 1 { "is" } else { "are" }
    );
}

/// Before the future is polled, the meter is told nothing.
#[test]
fn nothing_is_told_before_the_future_is_polled() {
    stage("`bill` is called outside of a runtime");
    let office = Office::new(millis());
    let called = panic_of(|| drop(bill(Arc::new(office.clone()), &[1, 2, 3])));
    if let Err(text) = called {
        panic!(
            "`bill` was called outside of a runtime, and it panicked. A call only makes the future; what needs a runtime happens when \
             that is polled.\nThe panic was: {text}"
        );
    }
    let told = vt(async {
        let report = bill(Arc::new(office.clone()), &[1, 2, 3, 4]);
        sleep(minutes()).await;
        let before = office.told();
        report.await;
        before
    });
    check_eq!(
        told.0,
        Vec::<u64>::new(),
        "`bill` was called, and the meter was told {:?} before anybody polled the future. The future reports when it is polled.",
        told.0
    );
    check_eq!(
        office.told(),
        [4],
        "Two futures were made, and one of them was polled: that of an upload of 4 bytes."
    );
}

/// The caller of `bill` changes and drops the upload, and polls the future afterwards.
#[test]
fn the_future_needs_no_upload() {
    let size = usize::try_from(pick(1_000..=9_000)).expect("it was picked small enough");
    let office = Office::new(minutes());
    let mut upload = vec![7; size];
    let report = bill(Arc::new(office.clone()), &upload);
    // This is what `tokio::spawn` asks of a future.
    assert_send(&report);
    assert_static(&report);
    upload.truncate(3);
    upload.push(8);
    drop(upload);
    stage("the upload is gone, and its report is made");
    let run = panic_of(|| vt(to_its_end(POLLS, report)).0);
    office.check_strangers();
    run.unwrap_or_else(|text| explain("the future of `bill`", &text))
        .unwrap_or_else(|unrest| restless("the future of `bill`", unrest));
    check_eq!(
        office.told(),
        [size as u64],
        "`bill` was called with an upload of {size} bytes. The caller changed the upload before the future was polled, and the meter was \
         told {:?}. The size is that at the time of the call.",
        office.told()
    );
}

/// Nobody makes a copy of an upload.
#[test]
fn an_upload_is_not_copied() {
    let size = usize::try_from(pick(400_000..=900_000)).expect("it was picked small enough");
    let upload = vec![7; size];
    let meter = Arc::new(Office::new(millis()));
    let (report, made) = allocations(|| bill(Arc::clone(&meter), &upload));
    assert!(
        made.peak < size / 2,
        "`bill` was called with an upload of {size} bytes, and asked for {} bytes of memory. A report needs a number, and nobody makes \
         a copy of an upload.",
        made.peak
    );
    drop(report);

    let office = Office::new(millis());
    let uploads: Vec<Body> = office.uploads(&[size, size, size]).collect();
    let run = panic_of(|| {
        allocations(|| vt(to_its_end(POLLS, serve(Arc::new(office.clone()), uploads.into_iter()))))
    });
    let (_, made) = run.unwrap_or_else(|text| explain("`serve`", &text));
    assert!(
        made.peak < size / 2,
        "`serve` took three uploads of {size} bytes, and asked for {} bytes of memory. A report needs a number, and nobody makes a \
         copy of an upload.",
        made.peak
    );
}

/// A meter takes a millisecond or a month, and `serve` waits for it.
#[test]
fn a_report_takes_as_long_as_it_takes() {
    for time in [Duration::from_millis(1), Duration::from_secs(pick(20..=40) * 24 * 3600)] {
        stage(format!("a report takes {}", in_words(time)));
        let office = Office::new(time);
        let took = office.serve(&[5, 6]);
        let done = office.done.len();
        assert!(
            done == 2 && took >= time,
            "Each of two reports takes {}, and `serve` returned after {}, when {done} of them were done. It returns when the meter has \
             been told of every upload.",
            in_words(time),
            in_words(took)
        );
    }
}

/// If the meter panics, so does `serve`.
#[test]
fn a_panic_is_not_lost() {
    for broken in [1, 2, 3] {
        stage(format!("the meter panics at upload {broken} of 3"));
        let office = Office { panics: Some(broken), ..Office::new(minutes()) };
        let uploads = office.uploads(&[1, 2, 3]);
        match panic_of(|| vt(to_its_end(POLLS, serve(Arc::new(office.clone()), uploads))).0) {
            Err(_) => {}
            Ok(outcome) => panic!(
                "The meter panicked at upload {broken} of 3, and `serve` {}. If the meter panics, so does `serve`.",
                if outcome.is_ok() { "returned as if nothing had happened" } else { "never returned" }
            ),
        }
    }
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `serve`");
    let office = Office::new(minutes());
    let call = serve(Arc::new(office.clone()), office.uploads(&[4, 5]));
    let run = panic_of(|| vt(handed_on("`serve`", POLLS, call)).0);
    office.check_strangers();
    run.unwrap_or_else(|text| panic!("{text}"));
}

/// A quick call does not wait for a slow one.
#[test]
fn calls_know_nothing_of_each_other() {
    stage("`serve` has been called twice, with a slow meter and with a quick one");
    let offices = [minutes(), Duration::from_millis(1)].map(Office::new);
    let [slow, quick] = offices.each_ref().map(|office| {
        serve(Arc::new(office.clone()), office.uploads(&[1; 100]).collect::<Vec<_>>().into_iter())
    });
    let run = panic_of(|| vt(side_by_side("`serve`", 500, slow, quick)).0);
    offices.iter().for_each(Office::check_strangers);
    run.unwrap_or_else(|text| panic!("{text}"));
}

/// A meter, and where the uploads come from.
#[derive(Clone)]
struct Office {
    /// How long the first report takes.
    time: Duration,
    pace: Pace,
    /// The size of an upload at which the meter panics.
    panics: Option<u64>,
    home: ThreadId,
    begun: Log,
    done: Log,
    taken: Log,
    /// What was seen of uploads that were there when the next one was taken.
    crowds: Log,
    strangers: Log,
    alive: Arc<AtomicUsize>,
    timeline: Timeline,
}

/// When a report is done, compared with the one before it.
#[derive(Clone, Copy)]
enum Pace {
    Same,
    Later,
    Sooner,
}

/// An upload.
struct Body {
    bytes: Vec<u8>,
    alive: Arc<AtomicUsize>,
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Meter for Office {
    async fn add(&self, bytes: u64) {
        if thread::current().id() != self.home {
            self.strangers.push(bytes.to_string());
            return;
        }
        self.begun.push(bytes.to_string());
        let number = u32::try_from(self.begun.len()).expect("there are few");
        let time = match self.pace {
            Pace::Same => self.time,
            Pace::Later => self.time * number,
            Pace::Sooner => self.time / number,
        };
        yield_now().await;
        self.timeline.lane(format!("report {number}")).watch(sleep(time)).await;
        if self.panics == Some(bytes) {
            resume_unwind(Box::new("the meter is broken"));
        }
        self.done.push(bytes.to_string());
    }
}

impl Office {
    fn new(time: Duration) -> Self {
        Self {
            time,
            pace: Pace::Same,
            panics: None,
            home: thread::current().id(),
            begun: Log::new(),
            done: Log::new(),
            taken: Log::new(),
            crowds: Log::new(),
            strangers: Log::new(),
            alive: Arc::default(),
            timeline: Timeline::new(),
        }
    }

    /// Uploads of these sizes. Each is made when it is taken.
    fn uploads(&self, sizes: &[usize]) -> impl Iterator<Item = Body> + use<> {
        let (office, sizes) = (self.clone(), sizes.to_vec());
        sizes.into_iter().enumerate().map(move |(n, size)| {
            let alive = office.alive.fetch_add(1, Ordering::SeqCst);
            if alive > 0 {
                let were = if alive == 1 { "was" } else { "were" };
                let earlier = counted(alive, "earlier upload");
                office
                    .crowds
                    .push(format!("When `serve` took upload {}, {earlier} {were} still there.", n + 1));
            }
            office.taken.push((n + 1).to_string());
            Body { bytes: vec![7; size], alive: Arc::clone(&office.alive) }
        })
    }

    /// Has `serve` called with uploads of these sizes, and says how long it took.
    fn serve(&self, sizes: &[usize]) -> Duration {
        let call = serve(Arc::new(self.clone()), self.uploads(sizes));
        let lane = self.timeline.lane("serve");
        let run = panic_of(|| vt(to_its_end(POLLS + 3 * sizes.len(), lane.watch(call))));
        self.check_strangers();
        let (outcome, took) = run.unwrap_or_else(|text| explain("`serve`", &text));
        outcome.unwrap_or_else(|unrest| restless("`serve`", unrest));
        took
    }

    /// What the meter has been told to the end.
    fn told(&self) -> Vec<u64> {
        self.done.events().iter().map(|bytes| bytes.parse().expect("a number was noted")).collect()
    }

    fn check_strangers(&self) {
        if let Some(bytes) = self.strangers.events().first() {
            panic!(
                "The report of {bytes} bytes was made on a thread that was started to wait for it. A report is a task, and a task that \
                 waits needs no thread."
            );
        }
    }
}

/// One that is in the first list more often than in the second one; both are sorted.
fn missing(all: &[u64], found: &[u64]) -> Option<u64> {
    let count = |list: &[u64], number: u64| list.iter().filter(|other| **other == number).count();
    all.iter().copied().find(|number| count(all, *number) > count(found, *number))
}

fn restless<T>(name: &str, unrest: Unrest) -> T {
    match unrest {
        Unrest::Asleep => {
            panic!("Every report is made, and {name} still waits. Nothing is left that could wake it.")
        }
        Unrest::Naps(time) => panic!(
            "For {}, no report was done, and your code kept waking up to look. Await the tasks: each of them wakes you when it is \
             done.",
            in_words(time)
        ),
        Unrest::Polled(polls) => panic!(
            "{name} was polled {polls} times while a report was made: it asks again and again. Await the tasks: each of them wakes you \
             when it is done."
        ),
        Unrest::Awake => panic!(
            "While a report was made, your code asked again and again, so that no time could pass. Await the tasks: each of them wakes \
             you when it is done."
        ),
    }
}

fn explain<T>(name: &str, text: &str) -> T {
    if text.contains("from within a runtime") || text.contains("can call blocking only") {
        panic!(
            "{name} blocks its thread to wait for a report, and the runtime needs that thread for its tasks. Async code waits with \
             `.await`.\nThe panic was: {text}"
        );
    }
    panic!("{name} panicked, and the meter did not: {text}");
}

/// More polls than a call needs that is woken for each of a few reports.
const POLLS: usize = 60;

/// Tokio's clock counts whole milliseconds and may round up.
const GRAIN: Duration = Duration::from_millis(2);

fn minutes() -> Duration {
    Duration::from_secs(60 * pick(5..=90)) + millis()
}

fn millis() -> Duration {
    Duration::from_millis(pick(3..=900))
}
