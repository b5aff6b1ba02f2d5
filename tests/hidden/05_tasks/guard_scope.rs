//! Hidden tests of `guard_scope`: which number each upload has, and how many run at once.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread::{self, ThreadId};
// hermetic: ends the haste of threads, whose number of photos does not matter
use std::time::{Duration, Instant};

use exercise::{Album, add};
use testkit::{
    Gate, Log, assert_send, assert_static, check_eq, handed_on, in_words, panic_of, pick, settle, stage, vt,
    within_polls,
};
use tokio::time::{sleep, timeout};

/// While one photo is being uploaded, any number of others can be added.
#[test]
fn uploads_are_under_way_together() {
    for photos in [4, usize::try_from(pick(2_000..=3_000)).expect("it was picked small enough")] {
        let Seen { begun, .. } = watch(photos);
        assert!(
            begun > 0,
            "{photos} photos were added at once, but no upload has begun. Calling `upload` only makes a future; the \
             upload begins when that future is awaited."
        );
        assert!(
            begun > 1,
            "It compiles, but something is still held while you wait. {photos} photos were added at once, but only \
             {begun} of them could be uploaded; the others wait until that upload is done."
        );
        assert!(
            begun == photos,
            "{photos} photos were added at once, but only {begun} of them could be uploaded; the others wait until \
             one of these is done. There is no limit on how many may run."
        );
    }
}

/// `add` returns when its photo is up: not before, however long that takes, and not later.
#[test]
fn it_returns_when_the_photo_is_up() {
    let Seen { early, late, .. } = watch(3);
    if let Some(after) = early {
        let when = if after.is_zero() { "at once".to_owned() } else { format!("after {}", in_words(after)) };
        panic!(
            "`add` returned {when}, but its photo was not up yet. It returns when the upload is done: a caller who \
             gets a number believes that the photo is safe."
        );
    }
    assert!(late.is_zero(), "`add` returned {} after its photo was up.", in_words(late));
}

/// A photo whose upload panics is not up: `add` does not return its number.
#[test]
fn a_photo_that_is_not_up_has_no_number() {
    stage("the upload of a photo panics");
    let added = panic_of(|| vt(patiently(add(Arc::new(Album::default()), Arc::new(Storm)))).0);
    if let Ok(number) = added {
        panic!(
            "The upload of a photo panicked, but `add` still returned {number}. It returns the number when the photo \
             is up, and this one is not: let the panic reach the caller."
        );
    }
}

/// Each photo is uploaded once, under the number that `add` returns: 1, 2, 3, …
#[test]
fn each_photo_has_its_own_number() {
    // One after another first: what is wrong here is wrong without any haste.
    let album = Arc::new(Album::default());
    let photos = u32::try_from(pick(3..=30)).expect("it was picked small enough");
    for number in 1..=photos {
        add_one(&album, number);
    }
    // Two more albums, in turns.
    let others = [Arc::new(Album::default()), Arc::new(Album::default())];
    for number in 1..=3 {
        for album in &others {
            let (returned, _) = add_to(album);
            let all = photos + 2 * (number - 1);
            assert!(
                returned == number || returned <= all,
                "Photo {number} of an album got the number {returned}, because {all} photos had been added to other \
                 albums. Each album numbers its own photos from 1, so the count belongs in the album and not in the \
                 program."
            );
            check_eq!(
                returned,
                number,
                "Photo {number} of an album got the number {returned}. There are other albums, and they have their \
                 own numbers."
            );
        }
    }

    let mut seen = watch(3);
    seen.returned.sort_unstable();
    check_eq!(
        seen.returned,
        [1, 2, 3],
        "Three photos were added at the same time, and their numbers are {:?}: not 1, 2 and 3. You have to read the \
         count and write it back under one lock, without a wait in between.",
        seen.returned
    );
}

/// Tasks run on several threads, and no number is used twice.
#[test]
fn threads_do_not_share_a_number() {
    stage("photos are added on several threads at once");
    let (album, cloud, start) = (Arc::new(Album::default()), Arc::new(Space), Barrier::new(NAPPING.len()));
    let napped = AtomicUsize::new(0);
    let adding = &|naps: bool| {
        // The clock runs as usual here: a paused one would take the other thread's turn for idleness.
        let engine = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        start.wait();
        let started = Instant::now();
        run(&Sky::new(), || {
            engine.block_on(async {
                let mut numbers = Vec::new();
                while napped.load(Ordering::Relaxed) < ENOUGH && started.elapsed() < HASTE {
                    for _ in 0..10 {
                        numbers.push(add(album.clone(), cloud.clone()).await);
                        if naps {
                            thread::sleep(NAP);
                            napped.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
                numbers
            })
        })
    };
    let numbers: Vec<u32> = thread::scope(|scope| {
        let threads = NAPPING.map(|naps| scope.spawn(move || adding(naps)));
        threads.map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic))).concat()
    });
    let mut missing = vec![true; numbers.len()];
    for number in &numbers {
        if let Some(is_missing) = (*number as usize).checked_sub(1).and_then(|at| missing.get_mut(at)) {
            *is_missing = false;
        }
    }
    let missing = missing.into_iter().filter(|is_missing| *is_missing).count();
    assert!(
        missing == 0,
        "Several threads added {} photos, but {missing} of the numbers up to there were never used: others were used \
         twice. Another thread came in between adding one and reading the count. Do both under one lock.",
        numbers.len()
    );
}

/// It may be spawned, and polled by one task first and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `add`");
    let sky = Arc::new(Sky::new());
    let plan = add(Arc::new(Album::default()), sky.clone());
    // This is what `tokio::spawn` asks of a future: between two polls it can move to another thread.
    assert_send(&plan);
    assert_static(&plan);
    let adding = async {
        let open = sky.open.clone();
        tokio::spawn(async move {
            sleep(Duration::from_secs(3600)).await;
            open.open();
        });
        handed_on("`add`", 16, plan).await
    };
    if let Err(text) = panic_of(|| vt(adding)) {
        panic!("{text}");
    }
}

/// What adding several photos at once came to.
struct Seen {
    /// How many uploads had begun while none was done.
    begun: usize,
    /// When the first `add` returned, if that was before its upload was done.
    early: Option<Duration>,
    /// How long after the uploads the last `add` returned.
    late: Duration,
    returned: Vec<u32>,
}

/// Adds `photos` photos at once; no upload is done before a year or so is over.
fn watch(photos: usize) -> Seen {
    stage("several photos are added at once");
    let (sky, year) = (Arc::new(Sky::new()), Duration::from_secs(pick(26_000_000..=34_000_000)));
    run(&sky, || {
        vt(async {
            let (album, done) = (Arc::new(Album::default()), Log::new());
            let adding = (0..photos).map(|_| {
                let (plan, done) = (add(album.clone(), sky.clone()), done.clone());
                tokio::spawn(async move {
                    let number = patiently(plan).await;
                    done.push("done");
                    number
                })
            });
            let adding: Vec<_> = adding.collect();
            settle().await;
            let begun = sky.begun.len();
            let start = tokio::time::Instant::now();
            for wait in [Duration::from_millis(1), year] {
                sleep(wait).await;
                settle().await;
            }
            let early = (!done.is_empty()).then(|| done.timed()[0].1);
            let up = start.elapsed();
            sky.open.open();
            let mut returned = Vec::new();
            for task in adding {
                match task.await {
                    Ok(number) => returned.push(number),
                    Err(error) => panic!("{error}"),
                }
            }
            Seen { begun, early, late: start.elapsed() - up, returned }
        })
        .0
    })
}

/// Adds a photo to an album, with a sky that is open; gives what `add` returned, and what was uploaded.
fn add_to(album: &Arc<Album>) -> (u32, Vec<String>) {
    let sky = Arc::new(Sky::new());
    sky.open.open();
    let plan = add(album.clone(), sky.clone());
    let returned = run(&sky, || vt(patiently(plan)).0);
    (returned, sky.begun.events())
}

/// Adds the next photo of an album, which should get this number.
fn add_one(album: &Arc<Album>, number: u32) {
    let (returned, uploaded) = add_to(album);
    assert!(!uploaded.is_empty(), "`add` returned {returned}, but it had not uploaded anything.");
    assert!(
        uploaded.len() == 1,
        "One photo was added, but it was uploaded {} times: as number {}.",
        uploaded.len(),
        uploaded.join(" and ")
    );
    check_eq!(
        uploaded[0],
        returned.to_string(),
        "`add` returned {returned}, but it had uploaded the photo as number {}. Both have to be the number of the \
         photo.",
        uploaded[0]
    );
    check_eq!(
        returned,
        number,
        "Photo {number} of the album was uploaded as number {returned}. Photos are numbered 1, 2, 3, and so on."
    );
}

/// With paused time, a year costs nothing, and a plan that nobody will wake is found out.
async fn patiently<T>(plan: impl Future<Output = T>) -> T {
    match timeout(Duration::from_secs(700 * 24 * 3600), within_polls(20, plan)).await {
        Ok(Some(value)) => value,
        Ok(None) => panic!(
            "`add` was polled 20 times while its photo was being uploaded: it keeps asking. Await the upload, and \
             you are woken when it is done."
        ),
        Err(_) => panic!("`add` waits, and nothing is left that could wake it."),
    }
}

fn run<T>(sky: &Sky, body: impl FnOnce() -> T) -> T {
    let run = panic_of(body);
    assert!(
        sky.strangers.is_empty(),
        "{} uploads ran on separate threads. The runtime that `add` is called on can wait for any number of them \
         with the threads that it has.",
        sky.strangers.len()
    );
    match run {
        Ok(value) => value,
        Err(text) if text.contains("from within a runtime") => panic!(
            "You blocked a thread of the runtime: a runtime already runs `add`, so wait with `.await`. ({text})"
        ),
        // A panic of a task comes with what else is known of the task.
        Err(text) => match text.find("`add` wa") {
            Some(place) => panic!("{}", &text[place..].trim_end_matches('"')),
            None => panic!("`add` panicked before it was done: {text}"),
        },
    }
}

/// Which threads nap after each photo. One that gets up takes the core from one that runs, wherever that one is: so threads
/// come in between each other on a machine that is busy, or has one core, as well.
const NAPPING: [bool; 5] = [false, false, true, true, true];
const NAP: Duration = Duration::from_micros(20);
/// After so many naps the haste is over; or after so long, in real time. A right answer is not measured by it.
const ENOUGH: usize = 2_500;
const HASTE: Duration = Duration::from_secs(1);

/// A cloud where every upload is done at once.
struct Space;

impl exercise::Cloud for Space {
    async fn upload(&self, _: u32) {}
}

/// A cloud that no photo gets through to.
struct Storm;

impl exercise::Cloud for Storm {
    async fn upload(&self, _: u32) {
        sleep(Duration::from_millis(1)).await;
        resume_unwind(Box::new("the balloon is gone"));
    }
}

/// A cloud that tells which uploads have begun; they are done when it is opened. On another thread than its own it does not
/// wait: nothing there would open it.
struct Sky {
    home: ThreadId,
    begun: Log,
    strangers: Log,
    open: Gate,
}

impl Sky {
    fn new() -> Self {
        Self { home: thread::current().id(), begun: Log::new(), strangers: Log::new(), open: Gate::new() }
    }
}

impl exercise::Cloud for Sky {
    async fn upload(&self, number: u32) {
        self.begun.push(number.to_string());
        if thread::current().id() == self.home {
            self.open.wait().await;
        } else {
            self.strangers.push("an upload");
        }
    }
}
