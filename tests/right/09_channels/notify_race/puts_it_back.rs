//! A worker that is dropped with a job in its hand puts it back.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::task::yield_now;
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
            let mut notified = pin!(self.news.notified());
            notified.as_mut().enable();
            if let Some(job) = self.store.take() {
                let mut held = Held { jobs: self, job: Some(job) };
                // The others should have a turn, too.
                yield_now().await;
                return held.job.take().unwrap();
            }
            notified.await;
        }
    }
}

/// A job that goes back into the store if nobody takes it out of here.
struct Held<'a, S: Store> {
    jobs: &'a Jobs<S>,
    job: Option<u64>,
}

impl<S: Store> Drop for Held<'_, S> {
    fn drop(&mut self) {
        if let Some(job) = self.job.take() {
            self.jobs.push(job);
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
