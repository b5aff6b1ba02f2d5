//! fails: a_late_waker_wakes_nobody_else
//! says: A waker belongs to one task

use std::cell::Cell;
use std::collections::VecDeque;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
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

/// The waker of the task in one slot.
struct SlotWaker {
    slot: usize,
    shared: Weak<Shared>,
}

impl Wake for SlotWaker {
    fn wake(self: Arc<Self>) {
        if let Some(shared) = self.shared.upgrade() {
            shared.schedule(self.slot);
        }
    }
}

#[derive(Default)]
struct Slot {
    future: Option<BoxFuture>,
    /// A task has this slot, perhaps one that is being polled.
    is_taken: bool,
    is_scheduled: bool,
}

#[derive(Default)]
struct Slots {
    slots: Vec<Slot>,
    queue: VecDeque<usize>,
}

/// What the executor shares with its wakers.
struct Shared {
    tasks: Mutex<Slots>,
    /// Wakes the thread that drives the executor, if there is one.
    driver: Mutex<Option<Waker>>,
}

impl Shared {
    fn spawn(&self, future: BoxFuture) {
        let slot = {
            let mut tasks = self.tasks.lock().unwrap();
            let slot = tasks.slots.iter().position(|slot| !slot.is_taken).unwrap_or(tasks.slots.len());
            if slot == tasks.slots.len() {
                tasks.slots.push(Slot::default());
            }
            tasks.slots[slot].future = Some(future);
            tasks.slots[slot].is_taken = true;
            tasks.slots[slot].is_scheduled = false;
            slot
        };
        self.schedule(slot);
    }

    fn schedule(&self, slot: usize) {
        {
            let mut tasks = self.tasks.lock().unwrap();
            let entry = &mut tasks.slots[slot];
            if !entry.is_taken || entry.is_scheduled {
                return;
            }
            entry.is_scheduled = true;
            tasks.queue.push_back(slot);
        }
        let driver = self.driver.lock().unwrap().clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Polls the next task, if there is one.
    fn run_next(self: &Arc<Self>) -> bool {
        let (slot, mut future) = {
            let mut tasks = self.tasks.lock().unwrap();
            let Some(slot) = tasks.queue.pop_front() else { return false };
            let entry = &mut tasks.slots[slot];
            entry.is_scheduled = false;
            let Some(future) = entry.future.take() else { return true };
            (slot, future)
        };
        let waker = Waker::from(Arc::new(SlotWaker { slot, shared: Arc::downgrade(self) }));
        let mut context = Context::from_waker(&waker);
        let outcome = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(&mut context)));
        {
            let mut tasks = self.tasks.lock().unwrap();
            let entry = &mut tasks.slots[slot];
            if let Ok(Poll::Pending) = outcome {
                entry.future = Some(future);
                return true;
            }
            entry.is_taken = false;
        }
        drop(future);
        if let Err(panic) = outcome {
            resume_unwind(panic);
        }
        true
    }

    fn is_idle(&self) -> bool {
        self.tasks.lock().unwrap().slots.iter().all(|slot| !slot.is_taken)
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
        let shared = Shared { tasks: Mutex::default(), driver: Mutex::default() };
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
            while self.shared.run_next() {}
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
        let futures: Vec<_> = {
            let mut tasks = self.shared.tasks.lock().unwrap();
            tasks.slots.iter_mut().map(|slot| slot.future.take()).collect()
        };
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
