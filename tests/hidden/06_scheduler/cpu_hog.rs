//! Hidden tests of `cpu_hog`: which other tasks had the thread meanwhile, the sum, and what happens to a panic.

use std::collections::HashSet;
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
// hermetic: makes the chunks of a second run slow, once an answer was refused; no right answer comes there
use std::time::{Duration, Instant};

use exercise::checksum;
use testkit::{Gate, Sleeper, Waited, check_eq, long_wait, panic_of, pick, rt, stage, vt};
use tokio::task::coop::unconstrained;
use tokio::task::{Id, try_id};

/// What is asked for.
const AT_MOST: usize = 256;
/// What is refused. A scheduler owes nobody strict turns, and a budget is not counted in chunks, so there is room.
const TOO_MANY: usize = 2 * AT_MOST;
/// Polls of a `checksum` that waits for another thread: the first one, and some to spare.
const FEW: usize = 10;

/// Another task on the same thread never waits for more than 256 chunks.
#[test]
fn the_heartbeat_has_its_turns() {
    // Quick chunks, and many: whoever counts milliseconds in place of chunks takes most of them in one go.
    let count = 5_000;
    let Turns { longest, tasks, .. } = beside_a_heartbeat(count, false, |_| {});
    if longest <= TOO_MANY {
        check_small_backups();
        return;
    }
    let slow = beside_a_heartbeat(count, false, |seen| {
        if seen.turns() <= 1 {
            let start = Instant::now();
            while start.elapsed() < Duration::from_millis(1) {
                std::hint::spin_loop();
            }
        }
        // Nobody wants to wait for the rest.
        if seen.digested() > TOO_MANY {
            resume_unwind(Box::new("seen enough"));
        }
    });
    assert!(
        slow.first > TOO_MANY,
        "The heartbeat had to wait for {longest} quick chunks in a row, and for {} in a row where each took a \
         millisecond. You use the clock to decide when to give the thread back; but {AT_MOST} chunks are allowed, \
         however quick they are. Count them.",
        slow.first
    );
    assert!(
        longest < count || tasks <= 1,
        "The heartbeat never ran from the first chunk to the last. You put the chunks into {tasks} tasks that were \
         all ready at once: the thread polled them one after another, and the heartbeat, which came later, had to \
         wait for all of them."
    );
    assert!(
        longest < count || tasks == 0,
        "The heartbeat never ran from the first chunk to the last. You put the loop into a separate task, but a task \
         is not a thread: the same thread polled it, all in one poll."
    );
    check_budget(longest);
    assert!(
        longest < count,
        "The heartbeat never ran from the first chunk to the last: Tokio never got the thread back. It gets it when \
         an `.await` returns `Pending`. An await that is ready at once does not yield, and `std::thread::yield_now` \
         yields to the OS, not to Tokio."
    );
    panic!(
        "The heartbeat had to wait for {longest} chunks in a row; {AT_MOST} are allowed. Give the thread back more often."
    );
}

/// A budget that is spent too slowly: in a longer backup the heartbeat runs, and without a budget it does not.
fn check_budget(longest: usize) {
    let count = 300 * AT_MOST;
    let first = beside_a_heartbeat(count, false, |_| {}).first;
    assert!(
        first >= count || beside_a_heartbeat(count, true, |_| {}).first < count,
        "The heartbeat had to wait for {longest} chunks in a row, and in a larger backup it first ran after {first}; \
         {AT_MOST} are allowed. Your `.await` gives the thread back only when the task's budget is spent. Each call \
         of `consume_budget` spends one unit of 128: call it more often."
    );
}

/// Even a small backup has to give the thread back, or not use it.
fn check_small_backups() {
    for count in [pick(280..=300) as usize, pick(520..=560) as usize] {
        let longest = beside_a_heartbeat(count, false, |_| {}).longest;
        assert!(
            longest < count,
            "In a backup of 5000 chunks the heartbeat ran. In a small one of {count} it did not run from the first \
             chunk to the last; {AT_MOST} in a row are allowed there, too."
        );
    }
}

/// Every chunk is digested once, and the digests are added up.
#[test]
fn the_sum_is_right() {
    for count in [1_000, AT_MOST + 1, AT_MOST, AT_MOST - 1, 2, 0, 1] {
        let seed = pick(0..=u64::MAX);
        let digested = Arc::new(Mutex::new(vec![0; count]));
        let noted = digested.clone();
        let expected = (0..count as u64).fold(0u64, |sum, n| sum.wrapping_add(mix(seed, n)));
        let sum = run(checksum(chunks(count), move |chunk| {
            let n = number(chunk);
            noted.lock().unwrap()[n as usize] += 1;
            mix(seed, n)
        }));
        let digested = digested.lock().unwrap();
        if let Some((n, times)) = digested.iter().enumerate().find(|(_, times)| **times != 1) {
            panic!(
                "Of {count} chunk(s), number {} was digested {times} times. Every chunk goes into the sum exactly \
                 once.",
                n + 1
            );
        }
        check_eq!(
            sum,
            expected,
            "All {count} chunks were digested, but the checksum is not the sum of their digests."
        );
    }
}

/// Equal chunks all count, and so do empty ones.
#[test]
fn equal_and_empty_chunks_count() {
    let digest = pick(1..=u64::MAX);
    for (count, chunk) in [(pick(300..=600), vec![1, 2, 3]), (pick(300..=600), vec![])] {
        let kind = if chunk.is_empty() { "empty" } else { "equal" };
        let calls = Arc::new(AtomicUsize::new(0));
        let called = calls.clone();
        let sum = run(checksum(vec![chunk; count as usize], move |_| {
            called.fetch_add(1, Ordering::SeqCst);
            digest
        }));
        check_eq!(
            sum,
            digest.wrapping_mul(count),
            "There were {count} {kind} chunks, but the checksum is not the sum of their digests."
        );
        let calls = calls.load(Ordering::SeqCst);
        let times = if calls == 1 { "once".to_owned() } else { format!("{calls} times") };
        assert!(
            calls as u64 == count,
            "There were {count} {kind} chunks, but `digest` was called {times}. Digest each chunk once, whatever is \
             in the others."
        );
    }
}

/// While another thread digests, `checksum` sleeps until it is woken.
#[test]
fn checksum_sleeps_meanwhile() {
    let desk = Arc::new(Desk::default());
    let digesting = desk.clone();
    let summing = checksum(chunks(1_000), move |chunk| {
        digesting.digest();
        number(chunk)
    });
    stage("a chunk is being digested on another thread");
    let outcome = panic_of(|| {
        vt(async {
            let mut summing = Sleeper::new(summing);
            summing.until(|| desk.away.is_open()).await;
            let mut waited = None;
            if desk.away.is_open() {
                summing.change_task();
                waited = Some(long_wait(|| summing.turn()).await);
            }
            desk.release();
            let done = summing.until(|| false).await;
            (waited, done, summing.former_wakes() > 0)
        })
    });
    let (waited, done, former_waker) = told(outcome);
    let Some(waited) = waited else { return };
    let Waited { spins, naps, over, .. } = waited;
    assert!(
        !over,
        "`checksum` returned {}, but a chunk was still being digested on another thread. It has to wait for the \
         digests, however long they take.",
        waited.when()
    );
    assert!(
        spins <= FEW,
        "`checksum` was polled {spins} times while another thread digested the same chunk. A loop that keeps asking \
         burns a core; if you await a handle, it wakes you."
    );
    assert!(
        naps <= FEW,
        "`checksum` woke up {naps} times to check while another thread digested the same chunk. If you await a \
         handle, it wakes you, and you can sleep until then."
    );
    assert!(
        done || !former_waker,
        "The chunks have been digested, but `checksum` was woken through the waker of an earlier poll. Another task \
         has polled it since then: the waker of the newest poll counts."
    );
    assert!(done, "The chunks have been digested on another thread, but `checksum` still waits.");
}

/// When `digest` panics, so does `checksum`: a sum without that chunk would be wrong.
#[test]
fn a_panic_is_no_sum() {
    let bad = pick(0..=999);
    let outcome = panic_of(|| {
        rt(checksum(chunks(1_000), move |chunk| {
            if number(chunk) == bad {
                resume_unwind(Box::new("this chunk cannot be read"));
            }
            number(chunk)
        }))
    });
    if let Ok(sum) = outcome {
        panic!(
            "`digest` panicked at one of 1000 chunks, but `checksum` returned {sum:#x} as if nothing had happened. A \
             backup that cannot be read must not get a checksum."
        );
    }
}

/// What was seen of a heartbeat while chunks were digested.
struct Turns {
    /// Chunks that it had to wait for, at most.
    longest: usize,
    /// Chunks in front of its first turn.
    first: usize,
    /// The tasks of the runtime's thread in which chunks were digested.
    tasks: usize,
}

/// Runs a checksum beside a heartbeat that is always due, perhaps without a budget. `work` is called for each chunk.
fn beside_a_heartbeat(count: usize, free: bool, work: impl Fn(&Watch) + Send + 'static) -> Turns {
    let watch = Arc::new(Watch {
        home: thread::current().id(),
        beats: AtomicUsize::new(0),
        beaten: Mutex::new(()),
        beat: Condvar::new(),
        digested: AtomicUsize::new(0),
        in_a_row: AtomicUsize::new(0),
        first: AtomicUsize::new(usize::MAX),
        longest: AtomicUsize::new(0),
        away: AtomicBool::new(false),
        tasks: Mutex::default(),
    });
    let (digesting, beating) = (watch.clone(), watch.clone());
    stage("the chunks are being digested, and the heartbeat is due");
    let outcome = panic_of(|| {
        rt(async move {
            tokio::spawn(poll_fn(move |cx| {
                beating.beat();
                // Always ready for its next turn: whenever the thread is free, it has one.
                cx.waker().wake_by_ref();
                Poll::<()>::Pending
            }));
            let summing = checksum(chunks(count), move |chunk| {
                digesting.digest();
                work(&digesting);
                number(chunk)
            });
            if free { unconstrained(summing).await } else { summing.await }
        })
    });
    if watch.digested.load(Ordering::SeqCst) <= TOO_MANY {
        told(outcome.map(|sum| (sum, Duration::ZERO)));
    }
    Turns {
        longest: watch.longest.load(Ordering::SeqCst),
        first: watch.first.load(Ordering::SeqCst),
        tasks: watch.tasks.lock().unwrap().len(),
    }
}

struct Watch {
    home: ThreadId,
    beats: AtomicUsize,
    /// Locked to tell of a beat, and to wait for one.
    beaten: Mutex<()>,
    beat: Condvar,
    digested: AtomicUsize,
    /// Chunks digested on the runtime's thread since the last beat.
    in_a_row: AtomicUsize,
    first: AtomicUsize,
    longest: AtomicUsize,
    /// A chunk was digested on another thread.
    away: AtomicBool,
    tasks: Mutex<HashSet<Id>>,
}

impl Watch {
    fn turns(&self) -> usize {
        self.beats.load(Ordering::SeqCst)
    }

    fn digested(&self) -> usize {
        self.digested.load(Ordering::SeqCst)
    }

    fn beat(&self) {
        {
            let _told = self.beaten.lock().unwrap();
            self.beats.fetch_add(1, Ordering::SeqCst);
        }
        self.beat.notify_all();
        let in_a_row = self.in_a_row.swap(0, Ordering::SeqCst);
        if in_a_row > 0 {
            let _ = self.first.compare_exchange(usize::MAX, in_a_row, Ordering::SeqCst, Ordering::SeqCst);
        }
    }

    fn digest(&self) {
        self.digested.fetch_add(1, Ordering::SeqCst);
        if thread::current().id() == self.home {
            let in_a_row = self.in_a_row.fetch_add(1, Ordering::SeqCst) + 1;
            self.longest.fetch_max(in_a_row, Ordering::SeqCst);
            self.tasks.lock().unwrap().extend(try_id());
        } else if !self.away.swap(true, Ordering::SeqCst) {
            stage("the chunks are digested on another thread, and the heartbeat is due");
            // The runtime's thread has nothing else to do, so the heart beats, however slow the machine is.
            let beats = self.turns();
            let mut beaten = self.beaten.lock().unwrap();
            while self.turns() == beats {
                beaten = self.beat.wait(beaten).unwrap();
            }
        }
    }
}

/// Holds up the first chunk that is digested on another thread.
struct Desk {
    home: ThreadId,
    away: Gate,
    released: Mutex<bool>,
    release: Condvar,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            home: thread::current().id(),
            away: Gate::new(),
            released: Mutex::new(false),
            release: Condvar::new(),
        }
    }
}

impl Desk {
    fn release(&self) {
        *self.released.lock().unwrap() = true;
        self.release.notify_all();
    }

    fn digest(&self) {
        if thread::current().id() != self.home {
            self.away.open();
            let released = self.released.lock().unwrap();
            drop(self.release.wait_while(released, |released| !*released).unwrap());
        }
    }
}

fn run(summing: impl Future<Output = u64>) -> u64 {
    told(panic_of(|| rt(summing)).map(|sum| (sum, Duration::ZERO)))
}

fn told<T>(outcome: Result<(T, Duration), String>) -> T {
    match outcome {
        Ok((output, _)) => output,
        Err(text) if text.contains("attempt to add with overflow") => {
            panic!(
                "The sum is larger than a `u64` holds, and `checksum` panicked. It should wrap around.\n{text}"
            )
        }
        Err(text) => panic!("`checksum` panicked: {text}"),
    }
}

/// Each chunk holds its number.
fn chunks(count: usize) -> Vec<Vec<u8>> {
    (0..count as u64).map(|n| n.to_le_bytes().to_vec()).collect()
}

fn number(chunk: &[u8]) -> u64 {
    u64::from_le_bytes(chunk.try_into().expect("the chunks come as they were handed out"))
}

fn mix(seed: u64, n: u64) -> u64 {
    (seed ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
