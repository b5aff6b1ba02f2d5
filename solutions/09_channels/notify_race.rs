//! `Jobs` hands out work to any number of workers.
//!
//! Why a job stayed behind: two workers had found the store empty, and neither was waiting yet when two jobs were pushed. A
//! `notify_one` that finds nobody waiting leaves a permit, but at most one. So one worker continued, and the other one
//! went to sleep beside a job. Making the future earlier is not enough: for `notify_one`, a future waits after its first
//! poll, and not before. `enable` puts it into the queue without a poll. Then every job that is pushed after the look finds
//! the worker in the queue, and every job before it is found by the look.
//!
//! Other good designs:
//!
//! - a `Semaphore` with one permit for each job: `push` adds one, `next` acquires and forgets it, and then takes a job. It
//!   counts, and that is what `Notify` does not do. Take it when each event is for exactly one task.
//! - each worker that has taken a job calls `notify_one` in case there are more. That costs a wake for nothing at the end.
//! - `notify_waiters`, with the future made before the look: it catches these calls from the moment that it exists. But
//!   each push wakes all workers, and all but one of them look in vain.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

/// Where jobs are kept. Tests bring their own.
pub trait Store: Send + Sync {
    fn put(&self, job: u64);
    /// `None` if the store is empty.
    fn take(&self) -> Option<u64>;
}

pub struct Jobs<S> {
    store: S,
    news: Notify,
}

impl<S: Store> Jobs<S> {
    /// For a store that is empty.
    pub fn new(store: S) -> Self {
        Self { store, news: Notify::new() }
    }

    pub fn push(&self, job: u64) {
        self.store.put(job);
        self.news.notify_one();
    }

    pub async fn next(&self) -> u64 {
        loop {
            // From `enable` on, this future is in the queue of waiting tasks, and a `notify_one` can reach it.
            let mut news = pin!(self.news.notified());
            news.as_mut().enable();
            if let Some(job) = self.store.take() {
                // If it was notified meanwhile, its `Drop` passes the notification on.
                return job;
            }
            news.await;
        }
    }
}

/// Slow, as on a bad disk: a worker that finds nothing learns it 100 ms later.
#[derive(Default)]
struct SlowStore(Mutex<VecDeque<u64>>);

impl Store for SlowStore {
    fn put(&self, job: u64) {
        self.0.lock().unwrap().push_back(job);
    }

    fn take(&self) -> Option<u64> {
        let job = self.0.lock().unwrap().pop_front();
        std::thread::sleep(Duration::from_millis(100));
        job
    }
}

async fn work(jobs: Arc<Jobs<SlowStore>>) {
    match timeout(Duration::from_secs(1), jobs.next()).await {
        Ok(job) => println!("job {job} is done"),
        Err(_) => println!("a worker slept for a second, and there were two jobs for two workers"),
    }
}

#[tokio::main]
async fn main() {
    let jobs = Arc::new(Jobs::new(SlowStore::default()));
    // A thread for each worker.
    let workers = [jobs.clone(), jobs.clone()]
        .map(|jobs| tokio::task::spawn_blocking(|| Handle::current().block_on(work(jobs))));
    sleep(Duration::from_millis(50)).await;
    jobs.push(1);
    jobs.push(2);
    for worker in workers {
        worker.await.unwrap();
    }
}
