//! fails: only_the_newest_draft_is_saved
//! says: each keystroke sets a new deadline

use std::pin::pin;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut newest = None;
    let mut pause = pin!(sleep(quiet));
    loop {
        select! {
            draft = drafts.recv() => match draft {
                Some(draft) => {
                    newest = Some(draft);
                    let later = pause.deadline() + quiet;
                    pause.as_mut().reset(later);
                }
                None => break,
            },
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
