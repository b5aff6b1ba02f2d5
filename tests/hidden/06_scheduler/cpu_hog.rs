//! Hidden tests of `cpu_hog`: the sum, and who else has had the thread meanwhile.

use std::future::poll_fn;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::checksum;
use testkit::{check_eq, panic_of, rt, stage};
use tokio::task::try_id;

/// What is asked for.
const AT_MOST: usize = 256;
/// What is refused. A scheduler owes nobody strict turns, and a budget is not counted in chunks, so there is room.
const TOO_MANY: usize = 2 * AT_MOST;

/// Every chunk is digested once, and the digests are added up.
#[test]
fn the_sum_is_right() {
    for count in [0, 1, AT_MOST - 1, AT_MOST, AT_MOST + 1, 1_000] {
        let seed = RandomState::new().hash_one(count);
        let digested = Arc::new(Mutex::new(vec![0; count]));
        let noted = digested.clone();
        let expected = (0..count as u64).fold(0u64, |sum, n| sum.wrapping_add(mix(seed, n)));
        let sum = run(checksum(chunks(count), move |chunk| {
            let n = number(chunk);
            noted.lock().unwrap()[n as usize] += 1;
            mix(seed, n)
        }));
        let digested = digested.lock().unwrap();
        if let Some(times) = digested.iter().find(|times| **times != 1) {
            panic!(
                "Of {count} chunks, one was digested {times} times. Every chunk has to go into the sum once."
            );
        }
        check_eq!(
            sum,
            expected,
            "All {count} chunks were digested, but the checksum is not the sum of their digests."
        );
    }
}

/// Another task of the same thread never waits for longer than 256 chunks take.
#[test]
fn the_heartbeat_has_its_turns() {
    let count = 5 * AT_MOST;
    let watch = Arc::new(Watch {
        home: thread::current().id(),
        beats: AtomicUsize::new(0),
        in_a_row: AtomicUsize::new(0),
        longest: AtomicUsize::new(0),
        away: AtomicBool::new(false),
        in_a_task: AtomicBool::new(false),
    });
    let (digesting, beating) = (watch.clone(), watch.clone());
    stage("the chunks are being digested, and the heartbeat is due");
    run(async move {
        tokio::spawn(poll_fn(move |cx| {
            beating.beat();
            // Always ready for its next turn: whenever the thread is free, it has one.
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        }));
        checksum(chunks(count), move |chunk| {
            digesting.digest();
            number(chunk)
        })
        .await
    });
    let longest = watch.longest.load(Ordering::SeqCst);
    assert!(
        longest < count || !watch.in_a_task.load(Ordering::SeqCst),
        "The heartbeat had no turn from the first chunk to the last. You put the loop into a task of its own, but a task \
         is not a thread: the same thread polled it, in one go."
    );
    assert!(
        longest < count,
        "The heartbeat had no turn from the first chunk to the last: Tokio never got the thread back. It gets it when an \
         `.await` returns `Pending`. An await that is ready at once does not yield, and `std::thread::yield_now` yields \
         to the OS, not to Tokio."
    );
    assert!(
        longest <= TOO_MANY,
        "The heartbeat had to wait for {longest} chunks in a row; {AT_MOST} are allowed. Give the thread back more often."
    );
}

struct Watch {
    home: ThreadId,
    beats: AtomicUsize,
    /// Chunks digested on the runtime's thread since the last beat.
    in_a_row: AtomicUsize,
    longest: AtomicUsize,
    /// A chunk was digested on another thread.
    away: AtomicBool,
    in_a_task: AtomicBool,
}

impl Watch {
    fn beat(&self) {
        self.beats.fetch_add(1, Ordering::SeqCst);
        self.in_a_row.store(0, Ordering::SeqCst);
    }

    fn digest(&self) {
        if thread::current().id() == self.home {
            let in_a_row = self.in_a_row.fetch_add(1, Ordering::SeqCst) + 1;
            self.longest.fetch_max(in_a_row, Ordering::SeqCst);
            self.in_a_task.fetch_or(try_id().is_some(), Ordering::SeqCst);
        } else if !self.away.swap(true, Ordering::SeqCst) {
            stage("the chunks are digested on another thread, and the heartbeat is due");
            // The runtime's thread has nothing else to do, so the heart beats, however slow the machine is.
            let beats = self.beats.load(Ordering::SeqCst);
            while self.beats.load(Ordering::SeqCst) == beats {
                // Seldom enough that whoever looks is not taken for somebody busy.
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

fn run(summing: impl Future<Output = u64>) -> u64 {
    match panic_of(|| rt(summing)) {
        Ok(sum) => sum,
        Err(text) if text.contains("can call blocking only when running on the multi-threaded runtime") => {
            panic!(
                "`block_in_place` needs a second worker, which takes over the tasks while this thread computes. This \
             runtime has one thread, so it panics.\n{text}"
            )
        }
        Err(text) => panic!("`checksum` panicked.\n{text}"),
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
