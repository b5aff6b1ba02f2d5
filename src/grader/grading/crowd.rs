//! Hundreds of threads that want to run, and what they leave to others.
//!
//! Behind walls each child has a session of its own, and the kernel shares the cores among sessions: a crowd of threads has
//! no more of them than one thread of somebody else. In a control group, as that of a container, it shares them among
//! threads, and next to a crowd an honest compile may take minutes. There a crowd has to be seen. Without walls each grading is one's
//! own, so where there are none nobody looks.

use std::time::Duration;

use crate::system::crowd::wanting_to_run;

/// Threads that want to run, for each core, where there is a crowd. Eight compilers and tests are at work on each at most,
/// with a few threads each.
const CROWD: usize = 64;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(250);

/// Waits for a grading, and looks for a crowd meanwhile. Says whether there was one that may have taken the cores from it.
pub(super) async fn beside<T>(grading: impl Future<Output = T>) -> (T, bool) {
    watched(grading, in_a_crowd).await
}

async fn watched<T>(grading: impl Future<Output = T>, crowd: impl Fn() -> bool) -> (T, bool) {
    let mut seen = false;
    tokio::pin!(grading);
    loop {
        tokio::select! {
            found = &mut grading => return (found, seen),
            () = tokio::time::sleep(PAUSE), if !seen => seen = crowd(),
        }
    }
}

/// Whether more threads want to run than honest gradings have.
fn in_a_crowd() -> bool {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    wanting_to_run().is_some_and(|threads| threads > CROWD * cores)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_crowd_is_seen_whenever_it_was_there() {
        let graded = |seconds| tokio::time::sleep(Duration::from_secs(seconds));
        let looks = std::cell::Cell::new(0);
        let third = || {
            looks.set(looks.get() + 1);
            looks.get() == 3
        };
        assert!(watched(graded(10), third).await.1);
        assert_eq!(looks.get(), 3);
        assert!(!watched(graded(10), || false).await.1);
    }
}
