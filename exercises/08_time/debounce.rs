//! An editor sends the whole draft to `autosave` with every keystroke. When no keystroke has come for `quiet`, the newest
//! draft is saved, once. As long as the author goes on typing, with pauses shorter than `quiet`, nothing is saved.
//!
//! Each draft is taken out of the channel as soon as it is there, because the author waits while the channel is full.
//! Thousands of keystrokes in a row must not become thousands of tasks. When the editor closes the channel, the draft that
//! is not saved yet, if there is one, is saved at once, and `autosave` returns.
//!
//! `cargo run` types four drafts, 200 ms apart, with a `quiet` of 300 ms. So far every one of them is saved.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    while let Some(draft) = drafts.recv().await {
        sleep(quiet).await;
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
