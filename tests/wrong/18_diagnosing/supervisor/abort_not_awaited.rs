//! fails: stop_ends_a_run
//! says: was not gone: what it owns had not been dropped. Abort it, and wait for the end of that, too
//!
//! The run under way is gone when `supervise` returns; here it is only aborted, and not awaited.

use std::any::Any;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

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
    let mut failures = 0;
    let mut pause = FIRST_PAUSE;
    loop {
        if stop.is_cancelled() {
            return Outcome::Stopped;
        }
        let mut run = AbortOnDropHandle::new(tokio::spawn(start()));
        let ended = tokio::select! {
            biased;
            () = stop.cancelled() => None,
            ended = &mut run => Some(ended),
        };
        let failure = match ended {
            None => {
                run.abort();
                return Outcome::Stopped;
            }
            Some(Ok(Ok(()))) => return Outcome::Finished,
            Some(Ok(Err(error))) => Failure::Error(error),
            Some(Err(error)) => match error.try_into_panic() {
                Ok(payload) => Failure::Panic(text(payload)),
                Err(_cancelled) => return Outcome::Stopped,
            },
        };
        log(&failure);
        failures += 1;
        if failures == MOST_FAILURES {
            return Outcome::GaveUp(failure);
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return Outcome::Stopped,
            () = sleep(pause) => {}
        }
        pause *= 2;
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
