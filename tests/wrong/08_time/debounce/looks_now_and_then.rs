//! fails: only_the_newest_draft_is_saved
//! says: it wakes up again and again to check

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut waiting: Option<(String, Instant)> = None;
    loop {
        match drafts.try_recv() {
            Ok(draft) => waiting = Some((draft, Instant::now())),
            Err(TryRecvError::Empty) => {
                if let Some((draft, _)) = waiting.take_if(|(_, typed)| typed.elapsed() >= quiet) {
                    save(draft);
                }
                sleep(Duration::from_millis(10)).await;
            }
            Err(TryRecvError::Disconnected) => break,
        }
    }
    if let Some((draft, _)) = waiting {
        save(draft);
    }
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
