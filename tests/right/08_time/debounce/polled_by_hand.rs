//! Everything by hand, in one `poll_fn`.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

/// `quiet` is at least a millisecond. `save` is quick, and does not wait for the disk.
pub async fn autosave(mut drafts: mpsc::Receiver<String>, quiet: Duration, mut save: impl FnMut(String)) {
    let mut newest = None;
    let mut timer = Box::pin(sleep(quiet));
    poll_fn(|context| {
        loop {
            match drafts.poll_recv(context) {
                Poll::Ready(Some(draft)) => {
                    newest = Some(draft);
                    timer.as_mut().reset(Instant::now() + quiet);
                }
                Poll::Ready(None) => {
                    newest.take().into_iter().for_each(&mut save);
                    return Poll::Ready(());
                }
                Poll::Pending => break,
            }
        }
        if newest.is_some() && timer.as_mut().poll(context).is_ready() {
            newest.take().into_iter().for_each(&mut save);
        }
        Poll::Pending
    })
    .await;
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
