//! fails: tasks_are_dropped_with_their_executor
//! says: Dropping an executor ends its tasks

use std::cell::Cell;
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

/// Puts one thread to sleep until it is woken.
struct Parker {
    thread: Thread,
    /// There was a wake, and no `park` has answered it yet.
    token: AtomicBool,
}

impl Parker {
    /// The parker of the thread that calls this.
    fn new() -> Arc<Parker> {
        Arc::new(Parker { thread: thread::current(), token: AtomicBool::new(false) })
    }

    /// Waits for the token, and takes it.
    fn park(&self) {
        // `thread::park` may return without a wake, so only the token counts.
        while !self.token.swap(false, Ordering::AcqRel) {
            thread::park();
        }
    }
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.token.swap(true, Ordering::AcqRel) {
            self.thread.unpark();
        }
    }
}

thread_local! {
    /// This thread is inside of `block_on` or `run`.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Marks the thread while it is inside of `block_on` or `run`.
struct Inside;

impl Inside {
    fn enter() -> Inside {
        assert!(
            !INSIDE.replace(true),
            "cannot call `block_on` or `run` inside of `block_on` or `run`: this thread has to poll the outer future; \
             `.await` the inner one, or spawn it, instead"
        );
        Inside
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    let _inside = Inside::enter();
    let mut future = pin!(future);
    let parker = Parker::new();
    let waker = Waker::from(parker.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => parker.park(),
        }
    }
}

/// A future that was spawned. The box makes tasks of different types fit into one queue, and keeps each future in its
/// place while the queue moves.
type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the executor shares with other threads and, from the next step on, with its tasks.
struct Shared {
    /// The tasks that are not complete, in the order of their next poll.
    run_queue: Mutex<VecDeque<Task>>,
    /// Wakes the thread that drives the executor, if there is one.
    driver: Mutex<Option<Waker>>,
}

impl Shared {
    /// Takes the next task. It is a function, so the lock is released before anybody polls the task: a task may spawn.
    fn next_task(&self) -> Option<Task> {
        self.run_queue.lock().unwrap().pop_front()
    }

    fn push(&self, task: Task) {
        self.run_queue.lock().unwrap().push_back(task);
    }

    fn tasks(&self) -> usize {
        self.run_queue.lock().unwrap().len()
    }

    fn wake_driver(&self) {
        let driver = self.driver.lock().unwrap().clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }
}

/// Only one thread at a time may drive an executor. This is its mark, and its parker.
struct Driving<'a> {
    shared: &'a Shared,
    parker: Arc<Parker>,
    _inside: Inside,
}

impl Driving<'_> {
    fn start(shared: &Shared) -> Driving<'_> {
        let inside = Inside::enter();
        let parker = Parker::new();
        let mut driver = shared.driver.lock().unwrap();
        if driver.is_some() {
            // A panic under the lock would poison it for the thread that is right.
            drop(driver);
            panic!("another thread is driving this executor");
        }
        *driver = Some(parker.clone().into());
        Driving { shared, parker, _inside: inside }
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        *self.shared.driver.lock().unwrap() = None;
    }
}

/// Runs tasks on the thread that calls `run`.
pub struct Executor {
    shared: Arc<Shared>,
}

impl Executor {
    pub fn new() -> Executor {
        let shared = Shared { run_queue: Mutex::default(), driver: Mutex::default() };
        Executor { shared: Arc::new(shared) }
    }

    /// Adds a task. It is polled when its turn comes in `run`, not here.
    pub fn spawn<F>(&self, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.shared.push(Box::pin(future));
        // `run` may be asleep on another thread. It has to learn of the new task.
        self.shared.wake_driver();
    }

    /// Runs the tasks, in turn, until all of them are complete.
    pub fn run(&self) {
        let driving = Driving::start(&self.shared);
        let waker = Waker::from(driving.parker.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            // One round: each task that is in the queue now is polled once.
            for _ in 0..self.shared.tasks() {
                // During the poll the task is in no queue. If it panics, it is dropped, and the others stay.
                let Some(mut task) = self.shared.next_task() else { break };
                if task.as_mut().poll(&mut context).is_pending() {
                    self.shared.push(task);
                }
            }
            if self.shared.tasks() == 0 {
                return;
            }
            // A task that was woken in this round, or spawned, has left a token, so this `park` returns at once.
            driving.parker.park();
        }
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.run();
    }
}

impl Default for Executor {
    fn default() -> Executor {
        Executor::new()
    }
}

/// Three cooks share one kitchen. (There is no bug in here.)
fn main() {
    let executor = Executor::new();
    for cook in ["Ada", "Bo", "Cy"] {
        executor.spawn(async move {
            for course in 1..=3 {
                println!("{cook} cooks course {course}");
                let mut is_second_poll = false;
                // Lets the other tasks run.
                std::future::poll_fn(|context| {
                    if is_second_poll {
                        return Poll::Ready(());
                    }
                    is_second_poll = true;
                    context.waker().wake_by_ref();
                    Poll::Pending
                })
                .await;
            }
        });
    }
    executor.run();
    println!("the kitchen is closed");
}
