//! A shop imports the price list of its wholesaler, all day long. `start` makes the future of one run of
//! that import. A run ends well, with `Ok`, or it fails: with an error, or with a panic.
//!
//! `supervise` looks after the import. It starts the first run at once. When a run fails, it logs that
//! failure at once, pauses, and starts another run; there is never more than one. The pauses are 1 s, 2 s,
//! 4 s and 8 s long, and begin with the failure. After the fifth failure it gives up, at once. All failures
//! count, of both kinds, also if there are weeks between them. A run that ends well is the last one.
//!
//! When `stop` is cancelled, `supervise` returns at once, in the middle of a run or of a pause. No run is
//! started after that, and the one that is under way is gone when `supervise` returns: all that it owned has
//! been dropped. It is no failure. When `supervise` itself is dropped, the run does not go on either.
//!
//! No price has been imported since Friday, and nobody was told. `cargo run` shows such a Friday.

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
    tokio::spawn(async move {
        while let Err(error) = start().await {
            log(&Failure::Error(error));
        }
    });
    stop.cancelled().await;
    Outcome::Stopped
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
