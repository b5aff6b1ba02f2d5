//! How a mutant spawns.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{AbortHandle, JoinError, JoinHandle, spawn_blocking};

/// Three of all tasks are carried out at once.
pub(crate) async fn three_at_a_time<F: IntoFuture>(future: F) -> F::Output {
    static TURNS: Semaphore = Semaphore::const_new(3);
    let _turn = TURNS.acquire().await;
    future.await
}

/// A thread of its own, on the same runtime.
pub(crate) fn on_a_thread<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let handle = Handle::current();
    elsewhere(move || handle.block_on(future))
}

/// A thread of the blocking pool for each task.
pub(crate) fn on_the_pool<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let handle = Handle::current();
    spawn_blocking(move || handle.block_on(future))
}

/// A thread and a runtime of its own.
fn on_a_runtime<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    elsewhere(move || {
        Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system has an event queue")
            .block_on(future)
    })
}

/// A thread of its own, for a future that is awaited.
pub(crate) async fn waits_on_a_thread<F>(future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    outcome(on_a_thread(future).await)
}

/// A thread and a runtime of its own, for a future that is awaited.
pub(crate) async fn waits_on_a_runtime<F>(future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    outcome(on_a_runtime(future).await)
}

fn outcome<T>(joined: Result<T, JoinError>) -> T {
    joined.unwrap_or_else(|error| resume_unwind(error.into_panic()))
}

fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || tell.send(catch_unwind(AssertUnwindSafe(work))));
    tokio::spawn(async { told.await.expect("the thread tells").unwrap_or_else(|panic| resume_unwind(panic)) })
}

/// Nobody hears of a panic.
pub(crate) async fn swallows_panics<F: IntoFuture>(future: F) -> F::Output
where
    F::Output: Default,
{
    caught(future).await.unwrap_or_default()
}

/// A task whose panic ends all tasks that were spawned here.
pub(crate) fn ends_others<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    static TASKS: Mutex<Vec<AbortHandle>> = Mutex::new(Vec::new());
    let task = tokio::spawn(async {
        caught(future).await.unwrap_or_else(|panic| {
            TASKS.lock().expect("nobody panics with it").drain(..).for_each(|task| task.abort());
            resume_unwind(panic)
        })
    });
    TASKS.lock().expect("nobody panics with it").push(task.abort_handle());
    task
}

async fn caught<F: IntoFuture>(future: F) -> Result<F::Output, Box<dyn Any + Send>> {
    let mut future = pin!(future.into_future());
    poll_fn(|cx| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    })
    .await
}

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What would have been tasks.
static JOBS: Mutex<Vec<Job>> = Mutex::new(Vec::new());

/// Stands in for the handle of a task that there is not: whoever polls one of them carries all of them on.
pub(crate) struct NoTask<T>(Arc<Mutex<Option<T>>>);

/// Does not spawn.
pub(crate) fn no_task<F>(future: F) -> NoTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let outcome = Arc::new(Mutex::new(None));
    let handle = NoTask(outcome.clone());
    JOBS.lock().expect("nobody panics with it").push(Box::pin(async move {
        let value = future.await;
        *outcome.lock().expect("nobody panics with it") = Some(value);
    }));
    handle
}

impl<T> Future for NoTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut jobs = std::mem::take(&mut *JOBS.lock().expect("nobody panics with it"));
        jobs.retain_mut(|job| job.as_mut().poll(cx).is_pending());
        JOBS.lock().expect("nobody panics with it").extend(jobs);
        match self.0.lock().expect("nobody panics with it").take() {
            Some(value) => Poll::Ready(Ok(value)),
            None => Poll::Pending,
        }
    }
}
