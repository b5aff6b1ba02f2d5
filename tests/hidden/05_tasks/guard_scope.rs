//! Hidden tests of `guard_scope`: which number each upload has, and how many are under way at once.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
// hermetic: ends the haste of threads, whose number of photos does not matter
use std::time::{Duration, Instant};

use exercise::{Album, add};
use testkit::{Gate, Log, assert_send, assert_static, check_eq, panic_of, pick, settle, stage, vt};
use tokio::time::timeout;

/// While one photo is being uploaded, others can be added.
#[test]
fn uploads_are_under_way_together() {
    let seen = watch(4);
    assert!(
        !seen.begun.is_empty(),
        "Four photos were added at once, and no upload has begun. Calling `upload` makes a plan; it begins where that \
         plan is awaited."
    );
    assert!(
        seen.begun.len() == 4,
        "It compiles, but the lock is still held while you wait. Four photos were added at once, and {} of them could \
         be uploaded; the others stand in line for the lock until that upload is done.",
        seen.begun.len()
    );
}

/// Each photo is uploaded once, under the number that `add` returns: 1, 2, 3, …
#[test]
fn each_photo_has_its_own_number() {
    // One after another first: what is wrong here is wrong without any haste.
    let sky = Sky::new();
    sky.open.open();
    let album = Arc::new(Album::default());
    let photos = u32::try_from(pick(3..=30)).expect("it was picked small enough");
    for number in 1..=photos {
        let returned = run(vt_add(&album, &sky));
        let uploaded = sky.begun.events().last().cloned().unwrap_or_else(|| "nothing".to_owned());
        check_eq!(
            uploaded,
            number.to_string(),
            "The upload saw the old count, or none at all: photo {number} was uploaded under another number. Take the \
             number first, and keep the lock no longer than that."
        );
        check_eq!(returned, number, "`add` returned another number than the one that it uploaded under.");
    }

    let mut seen = watch(3);
    seen.returned.sort_unstable();
    check_eq!(
        seen.returned,
        [1, 2, 3],
        "Three photos were added at the same time, and their numbers are not 1, 2 and 3. Reading the count and writing \
         it back have to happen under one lock, without a wait between them."
    );
}

/// Tasks run on several threads, and no number is given twice.
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
        run(|| {
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
        "Several threads added {} photos, and {missing} of the numbers up to there were never given: others were given twice. \
         Another thread came in between adding one and reading the count. Both belong under one lock.",
        numbers.len()
    );
}

/// `add` may be spawned: between two polls it can move to another thread.
#[test]
fn adding_can_be_a_task() {
    let plan = add(Arc::new(Album::default()), Arc::new(Sky::new()));
    // This is what `tokio::spawn` asks of a future.
    assert_send(&plan);
    assert_static(&plan);
}

struct Seen {
    /// The numbers of the uploads that had begun while none was done.
    begun: Vec<String>,
    returned: Vec<u32>,
}

/// Adds `photos` photos at once; no upload is done before all that can begin have begun.
fn watch(photos: usize) -> Seen {
    stage("several photos are added at once");
    run(|| {
        vt(async {
            let sky = Arc::new(Sky::new());
            let album = Arc::new(Album::default());
            let adding: Vec<_> = (0..photos).map(|_| tokio::spawn(add(album.clone(), sky.clone()))).collect();
            settle().await;
            let begun = sky.begun.events();
            sky.open.open();
            let mut returned = Vec::new();
            for task in adding {
                match patiently(task).await {
                    Ok(number) => returned.push(number),
                    Err(error) => panic!("{error}"),
                }
            }
            Seen { begun, returned }
        })
        .0
    })
}

fn vt_add(album: &Arc<Album>, sky: &Sky) -> impl FnOnce() -> u32 {
    let plan = add(album.clone(), Arc::new(sky.clone()));
    move || vt(patiently(plan)).0
}

/// With paused time, an hour costs nothing, and a plan that nobody will wake is found out.
async fn patiently<T>(plan: impl Future<Output = T>) -> T {
    match timeout(Duration::from_secs(3600), plan).await {
        Ok(value) => value,
        Err(_) => panic!("it waits, and nobody is left who would wake it"),
    }
}

fn run<T>(body: impl FnOnce() -> T) -> T {
    match panic_of(body) {
        Ok(value) => value,
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "You blocked the thread inside the engine: `add` is being carried out by one already, and `.await` is how \
             it waits. ({text})"
            )
        }
        Err(text) => panic!("`add` did not get to its end: {text}"),
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

/// A cloud that tells which uploads have begun; they are done when it is opened.
#[derive(Clone)]
struct Sky {
    begun: Log,
    open: Gate,
}

impl Sky {
    fn new() -> Self {
        Self { begun: Log::new(), open: Gate::new() }
    }
}

impl exercise::Cloud for Sky {
    async fn upload(&self, number: u32) {
        self.begun.push(number.to_string());
        self.open.wait().await;
    }
}
