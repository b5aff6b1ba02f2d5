//! `autosave` saves the newest draft once the author has paused.
//!
//! Why every draft was saved: the loop slept for `quiet` after each draft, and heard nothing meanwhile. The next draft was
//! in the channel by then, too late to stop the timer of the one before. "Nothing has come for a while" is a deadline that
//! each event moves, so there are two things to wait for at the same time: the next event, and the deadline.
//!
//! Here one pinned `Sleep` lives as long as the loop, and `reset` moves its deadline: one timer, whatever happens. The other
//! good design makes a new timer for each draft, `timeout(quiet, drafts.recv())` in an inner loop, and is shorter. A new timer
//! in each round is right here, because its deadline is meant to start anew; for a limit on the whole loop it would be the
//! bug. Take the pinned one when other branches of the `select!` must not start the timer anew.

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut newest = None;
    // One timer for all drafts. Its deadline does not matter before there is a draft.
    let mut pause = pin!(sleep(quiet));
    loop {
        select! {
            draft = drafts.recv() => match draft {
                Some(draft) => {
                    newest = Some(draft);
                    pause.as_mut().reset(Instant::now() + quiet);
                }
                None => break,
            },
            // A sleep that is over stays ready: without the condition this branch would run without end.
            () = &mut pause, if newest.is_some() => newest.take().into_iter().for_each(&mut save),
        }
    }
    newest.into_iter().for_each(save);
}

#[tokio::main]
async fn main() {
    let start = Instant::now();
    let (keyboard, drafts) = mpsc::channel(1);
    let save = |draft| println!("{:>6} ms  saved: {draft}", start.elapsed().as_millis());
    let typing = async {
        for draft in ["Dear", "Dear Ada,", "Dear Ada, thank", "Dear Ada, thank you"] {
            keyboard.send(draft.to_owned()).await.expect("`autosave` waits for drafts");
            println!("{:>6} ms  typed: {draft}", start.elapsed().as_millis());
            sleep(Duration::from_millis(200)).await;
        }
        sleep(Duration::from_millis(500)).await;
        drop(keyboard);
    };
    tokio::join!(autosave(drafts, Duration::from_millis(300), save), typing);
}
