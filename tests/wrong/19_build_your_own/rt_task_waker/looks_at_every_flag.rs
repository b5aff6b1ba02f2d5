//! fails: first_woken_is_first_polled
//! says: woken first has to be polled first
//!
//! `run` goes through all tasks and polls those whose flag is up.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, Weak};
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

type BoxFuture = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A future that was spawned, and its own waker.
struct Task {
    id: u64,
    /// `None` while the future is polled, and when the task is over.
    future: Mutex<Option<BoxFuture>>,
    /// The task is in the run queue, or is over: there is nothing for a wake to do.
    scheduled: AtomicBool,
    /// `Weak`, because the executor owns its tasks, not the other way round.
    shared: Weak<Shared>,
}

impl Task {
    /// Polls the future, once.
    fn run(self: Arc<Self>, shared: &Shared) {
        // The future is taken out, so no lock is held while foreign code runs.
        let Some(mut future) = self.future.lock().unwrap().take() else { return };
        // Before the poll! From here on, each wake pushes the task again.
        self.scheduled.store(false, Ordering::SeqCst);
        let waker = Waker::from(self.clone());
        let mut context = Context::from_waker(&waker);
        let outcome = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        if let Ok(Poll::Pending) = outcome {
            *self.future.lock().unwrap() = Some(future);
            return;
        }
        // It is over. A waker that somebody has kept finds a task that is scheduled forever.
        self.scheduled.store(true, Ordering::SeqCst);
        shared.alive.lock().unwrap().remove(&self.id);
        drop(future);
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        // Without an executor, nobody will ever poll.
        let Some(shared) = self.shared.upgrade() else { return };
        if !self.scheduled.swap(true, Ordering::SeqCst) {
            shared.schedule();
        }
    }
}

/// What the executor shares with its tasks, and so with all threads that call their wakers.
struct Shared {
    /// The tasks that are not complete, in the order of spawning.
    alive: Mutex<BTreeMap<u64, Arc<Task>>>,
    next_id: AtomicU64,
    /// Wakes the thread that drives the executor, if there is one.
    driver: Mutex<Option<Waker>>,
}

impl Shared {
    fn spawn(self: &Arc<Self>, future: BoxFuture) {
        let task = Arc::new(Task {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            future: Mutex::new(Some(future)),
            scheduled: AtomicBool::new(true),
            shared: Arc::downgrade(self),
        });
        self.alive.lock().unwrap().insert(task.id, task);
        self.schedule();
    }

    fn schedule(&self) {
        let driver = self.driver.lock().unwrap().clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    fn is_idle(&self) -> bool {
        self.alive.lock().unwrap().is_empty()
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
        let shared = Shared { alive: Mutex::default(), next_id: AtomicU64::new(0), driver: Mutex::default() };
        Executor { shared: Arc::new(shared) }
    }

    /// Adds a task. It is polled when its turn comes in `run`, not here.
    pub fn spawn<F>(&self, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.shared.spawn(Box::pin(future));
    }

    /// Runs the tasks that are woken, in turn, until all tasks are complete.
    pub fn run(&self) {
        let driving = Driving::start(&self.shared);
        loop {
            let tasks: Vec<_> = self.shared.alive.lock().unwrap().values().cloned().collect();
            for task in tasks {
                if task.scheduled.load(Ordering::SeqCst) {
                    task.run(&self.shared);
                }
            }
            if self.shared.is_idle() {
                return;
            }
            // A wake since the last look at the queue has left a token, so this `park` returns at once.
            driving.parker.park();
        }
    }
}

impl Default for Executor {
    fn default() -> Executor {
        Executor::new()
    }
}

impl Drop for Executor {
    /// Drops the futures that are not complete, in the order of spawning, even if somebody keeps their wakers.
    fn drop(&mut self) {
        let alive = mem::take(&mut *self.shared.alive.lock().unwrap());
        let futures: Vec<_> = alive.values().map(|task| task.future.lock().unwrap().take()).collect();
        // No lock is held any more: the `Drop` of a future may call wakers.
        drop(futures);
    }
}

/// Two guests wait for one cook. (There is no bug in here.)
fn main() {
    let executor = Executor::new();
    let bell = Arc::new(Mutex::new((false, Vec::<Waker>::new())));
    for guest in ["Ada", "Bo"] {
        let (bell, mut polls) = (bell.clone(), 0);
        executor.spawn(async move {
            std::future::poll_fn(|context| {
                polls += 1;
                let mut bell = bell.lock().unwrap();
                if bell.0 {
                    return Poll::Ready(());
                }
                bell.1.push(context.waker().clone());
                Poll::Pending
            })
            .await;
            println!("{guest} eats, after {polls} polls");
        });
    }
    executor.spawn(async move {
        for course in 1..=3 {
            println!("the cook cooks course {course}");
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
        let wakers = {
            let mut bell = bell.lock().unwrap();
            bell.0 = true;
            mem::take(&mut bell.1)
        };
        wakers.into_iter().for_each(Waker::wake);
    });
    executor.run();
}
