//! A task for the timer; a new draft aborts the one before it.

use std::time::Duration;

use tokio::select;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let (over, mut overs) = mpsc::channel(1);
    let mut newest = None;
    let mut timer: Option<tokio::task::JoinHandle<()>> = None;
    let mut number = 0u64;
    loop {
        select! {
            draft = drafts.recv() => {
                let Some(draft) = draft else { break };
                newest = Some(draft);
                number += 1;
                let (over, number) = (over.clone(), number);
                let next = tokio::spawn(async move {
                    sleep(quiet).await;
                    let _ = over.send(number).await;
                });
                if let Some(before) = timer.replace(next) {
                    before.abort();
                }
            }
            Some(over) = overs.recv() => {
                if over == number {
                    newest.take().into_iter().for_each(&mut save);
                }
            }
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
