//! By hand: the look and the note of the waker are under one lock, which `push` takes as well.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// Where jobs are kept. Tests bring their own.
pub trait Store: Send + Sync {
    fn put(&self, job: u64);
    /// `None` if the store is empty.
    fn take(&self) -> Option<u64>;
}

pub struct Jobs<S> {
    store: S,
    waiting: Mutex<Vec<Waker>>,
}

impl<S: Store> Jobs<S> {
    /// For a store that is empty.
    pub fn new(store: S) -> Self {
        Self { store, waiting: Mutex::default() }
    }

    pub fn push(&self, job: u64) {
        self.store.put(job);
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap());
        for waker in waiting {
            waker.wake();
        }
    }

    pub async fn next(&self) -> u64 {
        poll_fn(|context| {
            let mut waiting = self.waiting.lock().unwrap();
            if let Some(job) = self.store.take() {
                return Poll::Ready(job);
            }
            waiting.retain(|waker| !waker.will_wake(context.waker()));
            waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await
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
