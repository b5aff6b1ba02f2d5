//! Remembers all tasks that have polled it, and counts by a token in each waker.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

struct Bell {
    task: Waker,
    wakes: Arc<Mutex<u64>>,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        *self.wakes.lock().unwrap() += 1;
        self.task.wake_by_ref();
    }
}

struct Task {
    task: Waker,
    bell: Arc<Bell>,
    wakes: Arc<Mutex<u64>>,
}

enum Now {
    DoesNotWait,
    Waits { bell: Arc<Bell>, wakes: Arc<Mutex<u64>>, before: u64 },
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    tasks: Vec<Task>,
    now: Arc<Mutex<Now>>,
}

pub struct Report {
    now: Arc<Mutex<Now>>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let now = Arc::new(Mutex::new(Now::DoesNotWait));
    (Watched { future: Box::pin(future), tasks: Vec::new(), now: now.clone() }, Report { now })
}

impl Report {
    pub fn is_lost(&self) -> bool {
        match &*self.now.lock().unwrap() {
            Now::DoesNotWait => false,
            // One is here, and one in the list.
            Now::Waits { bell, wakes, before } => {
                Arc::strong_count(bell) == 2 && *wakes.lock().unwrap() == *before
            }
        }
    }
}

impl<F> Watched<F> {
    fn now_it(&self, now: Now) {
        let before = std::mem::replace(&mut *self.now.lock().unwrap(), now);
        drop(before);
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.now_it(Now::DoesNotWait);
        let place = self.tasks.iter().position(|known| known.task.will_wake(context.waker()));
        let place = place.unwrap_or_else(|| {
            let wakes = Arc::new(Mutex::new(0));
            let task = context.waker().clone();
            let bell = Arc::new(Bell { task: task.clone(), wakes: wakes.clone() });
            self.tasks.push(Task { task, bell, wakes });
            self.tasks.len() - 1
        });
        let Task { bell, wakes, .. } = &self.tasks[place];
        let (bell, wakes) = (bell.clone(), wakes.clone());
        let before = *wakes.lock().unwrap();
        let waker = Waker::from(bell.clone());
        let poll = self.future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        if poll.is_pending() {
            self.now_it(Now::Waits { bell, wakes, before });
        }
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.now_it(Now::DoesNotWait);
    }
}

/// Polls the future once, and prints what the report says.
async fn look_at(name: &str, future: impl Future) {
    let (watched, report) = watch(future);
    let mut watched = pin!(watched);
    let poll = poll_fn(|context| Poll::Ready(watched.as_mut().poll(context).is_pending())).await;
    println!("{name:22} pending: {poll:5}  lost: {}", report.is_lost());
}

#[tokio::main]
async fn main() {
    look_at("forgets its waker", poll_fn(|_| Poll::<()>::Pending)).await;
    look_at("sleeps for an hour", tokio::time::sleep(Duration::from_secs(3600))).await;
    look_at("yields", tokio::task::yield_now()).await;
    look_at("is ready", std::future::ready(7)).await;
}
