//! The timer exists only while there is a draft.

use std::future::pending;
use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut timer = None;
    let mut newest = String::new();
    loop {
        let over = async {
            match &mut timer {
                Some(timer) => timer.await,
                None => pending().await,
            }
        };
        select! {
            () = over => timer = None,
            next = drafts.recv() => match next {
                Some(draft) => {
                    newest = draft;
                    timer = Some(Box::pin(sleep(quiet)));
                    continue;
                }
                None if timer.is_none() => return,
                None => return save(newest),
            }
        }
        save(std::mem::take(&mut newest));
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
