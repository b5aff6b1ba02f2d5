//! Hidden tests of `local_state`: whether everything is counted, and how many feeds are read at once.

use std::collections::VecDeque;
use std::rc::Rc;

use exercise::tally;
use testkit::{InFlight, InFlightGuard, check_eq, panic_of, pick, stage};
use tokio::task::yield_now;

/// Every message of every feed is counted.
#[test]
fn every_message_is_counted() {
    let size = pick(10..=1_000_000);
    let lists = [
        vec![vec![size]],
        vec![vec![size, 2], vec![30], vec![], vec![400, 5_000, 1]],
        // All at once, turn by turn.
        vec![vec![1, 2, 3], vec![10, 20, size], vec![100, 200, 300]],
        // One feed goes on when the others have ended, whichever it is.
        vec![vec![], vec![1], vec![10, 20, 30, 40, 50, 60, 70, size]],
        vec![vec![10, 20, 30, 40, 50, 60, 70, size], vec![1], vec![]],
        vec![],
    ];
    for sizes in lists {
        let expected =
            Stats { messages: sizes.iter().flatten().count() as u32, bytes: sizes.iter().flatten().sum() };
        let (stats, _) = count(&sizes);
        check_eq!(stats, expected, "The numbers are wrong. All tasks have to count into the same `Stats`.");
    }
}

/// All feeds are read at the same time.
#[test]
fn feeds_are_read_at_the_same_time() {
    let (_, most) = count(&[vec![1, 2], vec![3, 4], vec![5, 6]]);
    assert!(
        most == 3,
        "At most {most} of 3 feeds were being read at the same time. One thread is enough to wait for all of them: each \
         feed has a task of its own."
    );
}

/// The numbers of the exercise, compared by the test's own means.
#[derive(Debug, PartialEq)]
struct Stats {
    messages: u32,
    bytes: u64,
}

/// Runs `tally`; tells also how many feeds were being read at once.
fn count(sizes: &[Vec<u64>]) -> (Stats, usize) {
    let reading = InFlight::new();
    let feeds = sizes
        .iter()
        .map(|sizes| Wire {
            sizes: sizes.iter().copied().collect(),
            reading: reading.clone(),
            begun: None,
            home: Rc::new(()),
        })
        .collect();
    stage("`tally` has been called");
    match panic_of(|| tally(feeds)) {
        Ok(stats) => (Stats { messages: stats.messages, bytes: stats.bytes }, reading.max()),
        Err(text) if text.contains("borrowed") || text.contains("BorrowMutError") => panic!(
            "BorrowMutError: another task ran while you held it. At every `.await`, the other tasks of the thread get \
             their turn, so no borrow of a `RefCell` may live across one. ({text})"
        ),
        Err(text) if text.contains("`spawn_local` called from outside") => panic!(
            "`spawn_local` found nobody who runs local tasks: the future around it is not driven by a `LocalRuntime` or \
             by a `LocalSet`. ({text})"
        ),
        Err(text) => panic!("`tally` panicked before all was counted: {text}"),
    }
}

/// A feed that is not thread-safe, and needs a few turns for each message.
struct Wire {
    sizes: VecDeque<u64>,
    reading: InFlight,
    /// From the first call of `next` until the end of the feed.
    begun: Option<InFlightGuard>,
    home: Rc<()>,
}

impl exercise::Feed for Wire {
    async fn next(&mut self) -> Option<u64> {
        let home = self.home.clone();
        if self.begun.is_none() {
            self.begun = Some(self.reading.enter());
        }
        for _ in 0..3 {
            yield_now().await;
        }
        drop(home);
        let size = self.sizes.pop_front();
        if size.is_none() {
            self.begun = None;
        }
        size
    }
}
