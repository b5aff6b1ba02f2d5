//! fails: stopped_before_it_began
//! says: `stop` was cancelled before `supervise` was called, and a run was started. No run is started after
//!
//! No run is started after `stop` is cancelled; an unbiased select! around the whole loop may start one first, at the beginning and at the end of a pause.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// After as many failures, `supervise` gives up.
pub const MOST_FAILURES: u32 = 5;

/// The pause after the first failure. Each one after that is twice as long as the one before.
pub const FIRST_PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The run returned this error.
    Error(String),
    /// The run panicked, with this text; `None` if the payload of the panic is not a text.
    Panic(Option<String>),
}

#[derive(Debug, PartialEq)]
pub enum Outcome {
    /// A run ended well.
    Finished,
    /// `stop` was cancelled.
    Stopped,
    /// There were too many failures. This is the last one.
    GaveUp(Failure),
}

pub async fn supervise<R>(
    mut start: impl FnMut() -> R + Send + 'static,
    stop: CancellationToken,
    mut log: impl FnMut(&Failure) + Send + 'static,
) -> Outcome
where
    R: Future<Output = Result<(), String>> + Send + 'static,
{
    let work = async move {
        let mut failures = 0;
        let mut pause = FIRST_PAUSE;
        loop {
            let mut run = Box::pin(start());
            let ended =
                poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(context))) {
                    Ok(Poll::Pending) => Poll::Pending,
                    Ok(Poll::Ready(Ok(()))) => Poll::Ready(Ok(())),
                    Ok(Poll::Ready(Err(error))) => Poll::Ready(Err(Failure::Error(error))),
                    Err(payload) => Poll::Ready(Err(Failure::Panic(text(payload)))),
                })
                .await;
            drop(run);
            let Err(failure) = ended else {
                return Outcome::Finished;
            };
            log(&failure);
            failures += 1;
            if failures == MOST_FAILURES {
                return Outcome::GaveUp(failure);
            }
            sleep(pause).await;
            pause *= 2;
        }
    };
    tokio::select! {
        outcome = work => outcome,
        () = stop.cancelled() => Outcome::Stopped,
    }
}

fn text(payload: Box<dyn Any + Send>) -> Option<String> {
    match payload.downcast::<String>() {
        Ok(text) => Some(*text),
        Err(payload) => payload.downcast_ref::<&'static str>().map(|text| text.to_string()),
    }
}

// The clock is paused, so the weekend is over at once.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let friday = Instant::now();
    let monday = CancellationToken::new();
    let mut runs = 0;
    let import = move || {
        runs += 1;
        println!("{:8} s  run {runs} starts", friday.elapsed().as_secs());
        async move {
            sleep(Duration::from_secs(600)).await;
            match runs {
                1 => Err("the wholesaler does not answer".to_owned()),
                2 => panic!("a price without a currency"),
                _ => std::future::pending().await,
            }
        }
    };
    let log = move |failure: &Failure| println!("{:8} s  {failure:?}", friday.elapsed().as_secs());
    let supervised = tokio::spawn(supervise(import, monday.clone(), log));
    sleep(Duration::from_secs(200_000)).await;
    monday.cancel();
    println!("{:8} s  {:?}", friday.elapsed().as_secs(), supervised.await);
}
