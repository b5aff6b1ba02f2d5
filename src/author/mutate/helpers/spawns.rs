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
pub(super) async fn three_at_a_time<F: IntoFuture>(future: F) -> F::Output {
    static TURNS: Semaphore = Semaphore::const_new(3);
    let _turn = TURNS.acquire().await;
    future.await
}

/// One of all tasks is carried out at once.
pub(super) async fn one_at_a_time<F: IntoFuture>(future: F) -> F::Output {
    static TURNS: Semaphore = Semaphore::const_new(1);
    let _turn = TURNS.acquire().await;
    future.await
}

/// A thread of its own for each task, on the same runtime.
pub(super) fn on_a_thread<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let handle = Handle::current();
    elsewhere(move || handle.block_on(future))
}

/// A thread of the blocking pool for each task.
pub(super) fn on_the_pool<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let handle = Handle::current();
    spawn_blocking(move || handle.block_on(future))
}

/// A runtime of its own for each task.
pub(super) fn on_a_runtime<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    elsewhere(move || Builder::new_current_thread().enable_all().build().unwrap().block_on(future))
}

fn elsewhere<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let (tell, told) = oneshot::channel();
    thread::spawn(move || tell.send(catch_unwind(AssertUnwindSafe(work))));
    tokio::spawn(async { told.await.expect("the thread tells").unwrap_or_else(|panic| resume_unwind(panic)) })
}

/// Nobody hears of a panic.
pub(super) async fn swallows_panics<F: IntoFuture>(future: F) -> F::Output
where
    F::Output: Default,
{
    caught(future).await.unwrap_or_default()
}

/// A task whose panic ends all tasks that were spawned here.
pub(super) fn ends_others<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    static TASKS: Mutex<Vec<AbortHandle>> = Mutex::new(Vec::new());
    let task = tokio::spawn(async {
        caught(future).await.unwrap_or_else(|panic| {
            TASKS.lock().unwrap().drain(..).for_each(|task| task.abort());
            resume_unwind(panic)
        })
    });
    TASKS.lock().unwrap().push(task.abort_handle());
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
pub(super) struct NoTask<T>(Arc<Mutex<Option<T>>>);

/// Does not spawn.
pub(super) fn no_task<F>(future: F) -> NoTask<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let outcome = Arc::new(Mutex::new(None));
    let handle = NoTask(outcome.clone());
    JOBS.lock().unwrap().push(Box::pin(async move {
        let value = future.await;
        *outcome.lock().unwrap() = Some(value);
    }));
    handle
}

impl<T> Future for NoTask<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut jobs = std::mem::take(&mut *JOBS.lock().unwrap());
        jobs.retain_mut(|job| job.as_mut().poll(cx).is_pending());
        JOBS.lock().unwrap().extend(jobs);
        match self.0.lock().unwrap().take() {
            Some(value) => Poll::Ready(Ok(value)),
            None => Poll::Pending,
        }
    }
}
