//! The draft and its deadline are kept together; each round has a new timer for it.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout_at};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut waiting: Option<(String, Instant)> = None;
    loop {
        let next = match &waiting {
            Some((_, deadline)) => timeout_at(*deadline, drafts.recv()).await,
            None => Ok(drafts.recv().await),
        };
        match next {
            Ok(Some(draft)) => waiting = Some((draft, Instant::now() + quiet)),
            closed_or_quiet => {
                if let Some((draft, _)) = waiting.take() {
                    save(draft);
                }
                if closed_or_quiet.is_ok() {
                    return;
                }
            }
        }
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
