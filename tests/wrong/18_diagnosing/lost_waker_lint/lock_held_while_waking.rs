//! fails: each_poll_counts_anew
//! says: A thread waits for a lock that is held while the future is polled, or while a waker is called,
//!
//! The task's waker is foreign code and may call `is_lost` (or poll) at once; here it is called under the lock: deadlock.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

#[derive(PartialEq)]
enum State {
    New,
    Polling,
    Waiting,
    Over,
}

struct Book {
    state: State,
    /// The number of the waker that the latest poll was given.
    latest: u64,
    woken: bool,
    gone: bool,
}

struct Numbered {
    number: u64,
    task: Waker,
    book: Arc<Mutex<Book>>,
}

impl Wake for Numbered {
    fn wake(self: Arc<Self>) {
        Self::wake_by_ref(&self);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let mut book = self.book.lock().unwrap();
        if book.latest == self.number {
            book.woken = true;
        }
        self.task.wake_by_ref();
    }
}

impl Drop for Numbered {
    fn drop(&mut self) {
        let mut book = self.book.lock().unwrap();
        if book.latest == self.number {
            book.gone = true;
        }
    }
}

pub struct Watched<F> {
    future: Pin<Box<F>>,
    numbers: u64,
    latest: Weak<Numbered>,
    book: Arc<Mutex<Book>>,
}

pub struct Report {
    book: Arc<Mutex<Book>>,
}

pub fn watch<F: Future>(future: F) -> (Watched<F>, Report) {
    let book = Book { state: State::New, latest: 0, woken: false, gone: false };
    let book = Arc::new(Mutex::new(book));
    let report = Report { book: book.clone() };
    (Watched { future: Box::pin(future), numbers: 0, latest: Weak::new(), book }, report)
}

impl Report {
    pub fn is_lost(&self) -> bool {
        let book = self.book.lock().unwrap();
        book.state == State::Waiting && book.gone && !book.woken
    }
}

impl<F: Future> Future for Watched<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.get_mut();
        this.book.lock().unwrap().state = State::Polling;
        let mut numbered = this.latest.upgrade();
        let same = match &numbered {
            Some(numbered) => numbered.task.will_wake(context.waker()),
            None => false,
        };
        if !same {
            drop(numbered.take());
            this.numbers += 1;
            let task = context.waker().clone();
            numbered = Some(Arc::new(Numbered { number: this.numbers, task, book: this.book.clone() }));
        }
        let numbered = numbered.unwrap();
        this.latest = Arc::downgrade(&numbered);
        {
            let mut book = this.book.lock().unwrap();
            book.latest = numbered.number;
            book.woken = false;
            book.gone = false;
        }
        let waker = Waker::from(numbered);
        let poll = {
            let mut context = Context::from_waker(&waker);
            this.future.as_mut().poll(&mut context)
        };
        drop(waker);
        let mut book = this.book.lock().unwrap();
        if poll.is_pending() {
            book.state = State::Waiting;
        } else {
            book.state = State::Over;
        }
        drop(book);
        poll
    }
}

impl<F> Drop for Watched<F> {
    fn drop(&mut self) {
        self.book.lock().unwrap().state = State::Over;
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
