//! No task: the run is polled in place, with catch_unwind around each poll and around its drop.

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
    let mut failures: Vec<Failure> = Vec::new();
    loop {
        if stop.is_cancelled() {
            return Outcome::Stopped;
        }
        let mut run = Box::pin(start());
        let poll_it =
            poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(context))) {
                Ok(Poll::Pending) => Poll::Pending,
                Ok(Poll::Ready(Ok(()))) => Poll::Ready(Ok(())),
                Ok(Poll::Ready(Err(error))) => Poll::Ready(Err(Failure::Error(error))),
                Err(payload) => Poll::Ready(Err(Failure::Panic(text(payload)))),
            });
        let ended: Option<Result<(), Failure>> = tokio::select! {
            biased;
            _ = stop.cancelled() => None,
            result = poll_it => Some(result),
        };
        // Whatever happened: this run is over, and nothing of it may be left.
        let _ = catch_unwind(AssertUnwindSafe(move || drop(run)));
        match ended {
            None => return Outcome::Stopped,
            Some(Ok(())) => return Outcome::Finished,
            Some(Err(failure)) => {
                log(&failure);
                failures.push(failure);
            }
        }
        if failures.len() >= MOST_FAILURES as usize {
            return Outcome::GaveUp(failures.pop().unwrap());
        }
        let mut pause = FIRST_PAUSE;
        for _ in 1..failures.len() {
            pause = pause + pause;
        }
        let end_of_pause = Instant::now() + pause;
        tokio::select! {
            biased;
            _ = stop.cancelled() => {}
            _ = tokio::time::sleep_until(end_of_pause) => {}
        }
    }
}

fn text(payload: Box<dyn Any + Send>) -> Option<String> {
    if let Some(text) = payload.downcast_ref::<String>() {
        Some(text.clone())
    } else if let Some(text) = payload.downcast_ref::<&'static str>() {
        Some(String::from(*text))
    } else {
        None
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
