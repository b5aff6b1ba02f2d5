//! Processes that left their group: a child that starts another, which starts a session of its own, is beyond a
//! signal to the group. On Linux this process adopts them, so that it can end them.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::system::family::Id;
use crate::system::orphans as system;

/// Whether orphans are adopted.
static ADOPTING: AtomicBool = AtomicBool::new(false);

/// Children that were started on purpose and are still looked after.
static KNOWN: Mutex<BTreeSet<Id>> = Mutex::new(BTreeSet::new());

/// Rounds of killing: each may set free the children of those it kills.
const ROUNDS: u32 = 200;

/// Between two rounds.
const PAUSE: Duration = Duration::from_millis(5);

/// From now on, descendants of children that lose their parent become children of this process, and are killed when
/// the grading that they come from is over. Every other child of this process that the grader has not started would
/// be killed, too: a program calls this only if it starts its children through the grader.
pub fn adopt_orphans() {
    if system::adopt() {
        ADOPTING.store(true, Ordering::Relaxed);
    }
}

/// A child that was started on purpose; forgotten when this is dropped.
#[derive(Debug)]
pub(crate) struct Known(Id);

impl Drop for Known {
    fn drop(&mut self) {
        KNOWN.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0);
    }
}

/// Kills every adopted process, and those that they leave behind, until none is left.
pub(in crate::grader) async fn sweep() {
    if !ADOPTING.load(Ordering::Relaxed) {
        return;
    }
    for _ in 0..ROUNDS {
        if kill_adopted() == 0 {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits for something, and kills every adopted process meanwhile: the first process of a namespace, for one, does not end before
/// somebody has reaped the others.
pub(in crate::grader) async fn swept<T>(event: impl Future<Output = T>) -> T {
    tokio::pin!(event);
    loop {
        tokio::select! {
            value = &mut event => return value,
            () = tokio::time::sleep(PAUSE) => {
                if ADOPTING.load(Ordering::Relaxed) {
                    kill_adopted();
                }
            }
        }
    }
}

/// Sends one signal to each adopted process, and reaps those that are dead. Says how many there were.
fn kill_adopted() -> usize {
    // Held to the end: a child that is just being started is either known or not there yet.
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let adopted: Vec<Id> = system::children().into_iter().filter(|pid| !known.contains(pid)).collect();
    adopted.iter().for_each(|pid| system::end(*pid));
    adopted.len()
}

/// Starts a child while no sweep can take it for an orphan.
pub(in crate::grader) fn start<T>(
    spawn: impl FnOnce() -> std::io::Result<T>,
    pid: impl FnOnce(&T) -> Option<Id>,
) -> std::io::Result<(T, Option<Known>)> {
    // A sweep between the start and the registration would see an unknown child, so both happen under its lock.
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let child = spawn()?;
    let registered = pid(&child).map(|pid| {
        known.insert(pid);
        Known(pid)
    });
    Ok((child, registered))
}
