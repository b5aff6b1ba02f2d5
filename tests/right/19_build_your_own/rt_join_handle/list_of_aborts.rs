//! `abort` puts the number of the task on a list of the executor, which drops these futures in its next turn.

use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::fmt;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// The executor that this thread drives.
    static CURRENT: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
}

/// Makes an executor the current one of this thread. When it is dropped, it puts back the one before.
struct Entered {
    before: Option<Arc<Shared>>,
}

impl Entered {
    fn enter(shared: &Arc<Shared>) -> Entered {
        Entered { before: CURRENT.replace(Some(shared.clone())) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(self.before.take());
    }
}

fn current() -> Option<Arc<Shared>> {
    CURRENT.with_borrow(Option::clone)
}

/// Adds a task to the executor that drives this thread.
pub fn spawn<F>(future: F) -> JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let shared = current().expect(
        "no executor on this thread: call `spawn` inside of `block_on` or `Executor::run`, or call `Executor::spawn`",
    );
    shared.spawn(future)
}

/// Drives one future with an executor of its own. Tasks that are not complete when it returns are dropped.
pub fn block_on<F: Future>(future: F) -> F::Output {
    Executor::new().block_on(future)
}

/// Why there is no output: the task has panicked, or was aborted.
pub struct JoinError {
    panic: Option<Box<dyn Any + Send>>,
}

impl JoinError {
    pub fn is_panic(&self) -> bool {
        self.panic.is_some()
    }

    pub fn is_aborted(&self) -> bool {
        self.panic.is_none()
    }

    /// What the task panicked with.
    pub fn into_panic(self) -> Box<dyn Any + Send> {
        self.panic.expect("the task was aborted, it has not panicked")
    }
}

impl fmt::Display for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_panic() { "the task panicked" } else { "the task was aborted" })
    }
}

impl fmt::Debug for JoinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_panic() { "JoinError::Panic" } else { "JoinError::Aborted" })
    }
}

impl Error for JoinError {}

/// Where a task leaves its outcome, and its handle finds it.
struct Slot<T> {
    state: Mutex<SlotState<T>>,
}

struct SlotState<T> {
    outcome: Option<Result<T, JoinError>>,
    /// The task is over. The outcome may have been taken since then.
    finished: bool,
    /// The handle was dropped, so nobody will take the outcome.
    detached: bool,
    /// Who awaits the handle.
    waiter: Option<Waker>,
}

impl<T> Slot<T> {
    fn new() -> Arc<Slot<T>> {
        let state = SlotState { outcome: None, finished: false, detached: false, waiter: None };
        Arc::new(Slot { state: Mutex::new(state) })
    }

    /// The task is over.
    fn finish(&self, outcome: Result<T, JoinError>) {
        let mut state = self.state.lock().unwrap();
        state.finished = true;
        if state.detached {
            drop(state);
            // Nobody is there who could hear of a panic in this `Drop`, and the executor must not.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(outcome)));
            return;
        }
        state.outcome = Some(outcome);
        let waiter = state.waiter.take();
        // Foreign code must not find the lock held.
        drop(state);
        if let Some(waiter) = waiter {
            waiter.wake();
        }
    }
}

/// Awaits a task that was spawned. Dropping it detaches the task, which goes on.
pub struct JoinHandle<T> {
    slot: Arc<Slot<T>>,
    id: u64,
    shared: Weak<Shared>,
}

impl<T> JoinHandle<T> {
    /// Ends the task: the executor drops its future when its turn comes. Does nothing when the task is over.
    pub fn abort(&self) {
        if let Some(shared) = self.shared.upgrade() {
            shared.aborts.lock().unwrap().push(self.id);
            shared.wake_driver();
        }
    }

    /// Whether the task is over.
    pub fn is_finished(&self) -> bool {
        self.slot.state.lock().unwrap().finished
    }
}

impl<T> Future for JoinHandle<T> {
    type Output = Result<T, JoinError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        // A clone runs foreign code, and so does the drop of the waker before it. Neither happens under the lock.
        let waker = context.waker().clone();
        let mut state = self.slot.state.lock().unwrap();
        if let Some(outcome) = state.outcome.take() {
            return Poll::Ready(outcome);
        }
        let over = state.finished;
        // The newest waker counts: the handle may have moved to another task.
        let before = if over { None } else { state.waiter.replace(waker) };
        drop(state);
        drop(before);
        assert!(!over, "this `JoinHandle` has already returned the outcome of its task");
        Poll::Pending
    }
}

impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let mut state = self.slot.state.lock().unwrap();
        state.detached = true;
        let left = (state.outcome.take(), state.waiter.take());
        drop(state);
        drop(left);
    }
}

/// What is spawned for a future: polls it, and leaves its outcome in the slot.
struct Joined<F, T> {
    /// `None` when it is over.
    future: Option<Pin<Box<F>>>,
    slot: Arc<Slot<T>>,
}

impl<F, T> Joined<F, T> {
    /// Drops the future, and tells the handle after that.
    fn end(&mut self, outcome: Result<T, JoinError>) {
        let future = self.future.take();
        let dropped = catch_unwind(AssertUnwindSafe(|| drop(future)));
        let outcome = match dropped {
            Ok(()) => outcome,
            Err(panic) => Err(JoinError { panic: Some(panic) }),
        };
        self.slot.finish(outcome);
    }
}

impl<F: Future<Output = T>, T> Future for Joined<F, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let Some(future) = &mut this.future else { return Poll::Ready(()) };
        let outcome = match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(output)) => Ok(output),
            Err(panic) => Err(JoinError { panic: Some(panic) }),
        };
        this.end(outcome);
        Poll::Ready(())
    }
}

impl<F, T> Drop for Joined<F, T> {
    /// The executor is dropped, and the task with it. Its handle must not wait forever.
    fn drop(&mut self) {
        if self.future.is_some() {
            self.end(Err(JoinError { panic: None }));
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
        // It does not panic: `Joined` catches what the future inside does.
        if future.as_mut().poll(&mut context).is_pending() {
            *self.future.lock().unwrap() = Some(future);
            return;
        }
        // It is over. A waker that somebody has kept finds a task that is scheduled forever.
        self.scheduled.store(true, Ordering::SeqCst);
        shared.alive.lock().unwrap().remove(&self.id);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        // Without an executor, nobody will ever poll.
        let Some(shared) = self.shared.upgrade() else { return };
        if !self.scheduled.swap(true, Ordering::SeqCst) {
            shared.schedule(self);
        }
    }
}

/// What the executor shares with its tasks, and so with all threads that call their wakers.
struct Shared {
    /// The tasks that were woken, in the order of the wakes.
    run_queue: Mutex<VecDeque<Arc<Task>>>,
    /// The tasks that are not complete, in the order of spawning.
    alive: Mutex<BTreeMap<u64, Arc<Task>>>,
    next_id: AtomicU64,
    /// The tasks that somebody has aborted.
    aborts: Mutex<Vec<u64>>,
    /// Wakes the thread that drives the executor, if there is one.
    driver: Mutex<Option<Waker>>,
}

impl Shared {
    fn spawn<F>(self: &Arc<Self>, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let slot = Slot::new();
        let task = self.spawn_task(Box::pin(Joined { future: Some(Box::pin(future)), slot: slot.clone() }));
        JoinHandle { slot, id: task.id, shared: Arc::downgrade(self) }
    }

    fn spawn_task(self: &Arc<Self>, future: BoxFuture) -> Arc<Task> {
        let task = Arc::new(Task {
            id: self.next_id.fetch_add(1, Ordering::Relaxed),
            future: Mutex::new(Some(future)),
            scheduled: AtomicBool::new(true),
            shared: Arc::downgrade(self),
        });
        self.alive.lock().unwrap().insert(task.id, task.clone());
        self.schedule(task.clone());
        task
    }

    fn schedule(&self, task: Arc<Task>) {
        self.run_queue.lock().unwrap().push_back(task);
        // After the push, so the thread finds the task when it wakes up.
        self.wake_driver();
    }

    fn wake_driver(&self) {
        let driver = self.driver.lock().unwrap().clone();
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Takes the next task. It is a function, so the lock is released before anybody polls the task.
    fn next_task(&self) -> Option<Arc<Task>> {
        self.run_queue.lock().unwrap().pop_front()
    }

    /// Polls the tasks that are in the queue now. Those that are woken meanwhile come in the next turn, so tasks that
    /// always wake themselves keep nobody from the future of `block_on`.
    fn run_tasks(&self) {
        let aborts = mem::take(&mut *self.aborts.lock().unwrap());
        for id in aborts {
            let task = self.alive.lock().unwrap().remove(&id);
            let future = task.and_then(|task| task.future.lock().unwrap().take());
            // `Joined` tells the handle when it is dropped.
            drop(future);
        }
        let scheduled = self.run_queue.lock().unwrap().len();
        for _ in 0..scheduled {
            let Some(task) = self.next_task() else { break };
            task.run(self);
        }
    }

    fn is_idle(&self) -> bool {
        self.alive.lock().unwrap().is_empty()
    }
}

/// Only one thread at a time may drive an executor, and a thread drives only one. This is the mark of both.
struct Driving<'a> {
    shared: &'a Shared,
    parker: Arc<Parker>,
    _entered: Entered,
}

impl Driving<'_> {
    fn start(shared: &Arc<Shared>) -> Driving<'_> {
        assert!(
            current().is_none(),
            "cannot call `block_on` or `run` inside of `block_on` or `run`: this thread has to poll the outer future; \
             `.await` the inner one, or spawn it, instead"
        );
        let parker = Parker::new();
        let mut driver = shared.driver.lock().unwrap();
        if driver.is_some() {
            // A panic under the lock would poison it for the thread that is right.
            drop(driver);
            panic!("another thread is driving this executor");
        }
        *driver = Some(parker.clone().into());
        Driving { shared, parker, _entered: Entered::enter(shared) }
    }

    /// Sleeps until something has happened since the last `park`: a task or the future of `block_on` was woken, or a
    /// task was spawned. Whatever happened meanwhile has left a token, so then it returns at once.
    fn park(&self) {
        self.parker.park();
    }
}

impl Drop for Driving<'_> {
    fn drop(&mut self) {
        *self.shared.driver.lock().unwrap() = None;
    }
}

/// The waker of the future of `block_on`.
struct MainWaker {
    woken: AtomicBool,
    parker: Arc<Parker>,
}

impl Wake for MainWaker {
    fn wake(self: Arc<Self>) {
        // First the flag: the thread that wakes up looks for it.
        self.woken.store(true, Ordering::SeqCst);
        self.parker.wake_by_ref();
    }
}

/// Runs tasks on the thread that calls `run` or `block_on`.
pub struct Executor {
    shared: Arc<Shared>,
}

impl Executor {
    pub fn new() -> Executor {
        let shared = Shared {
            run_queue: Mutex::default(),
            alive: Mutex::default(),
            next_id: AtomicU64::new(0),
            aborts: Mutex::default(),
            driver: Mutex::default(),
        };
        Executor { shared: Arc::new(shared) }
    }

    /// Adds a task. It is polled when its turn comes in `run` or `block_on`, not here.
    pub fn spawn<F>(&self, future: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        self.shared.spawn(future)
    }

    /// Runs the tasks that are woken, in turn, until all tasks are complete.
    pub fn run(&self) {
        let driving = Driving::start(&self.shared);
        loop {
            self.shared.run_tasks();
            if self.shared.is_idle() {
                return;
            }
            driving.park();
        }
    }

    /// Drives `future` and, meanwhile, the tasks. Tasks that are not complete when it returns stay for the next call.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        let driving = Driving::start(&self.shared);
        // It is dropped before `driving`, so its `Drop` may still spawn.
        let mut future = pin!(future);
        let main = Arc::new(MainWaker { woken: AtomicBool::new(true), parker: driving.parker.clone() });
        let waker = Waker::from(main.clone());
        let mut context = Context::from_waker(&waker);
        loop {
            // The flag goes down before the poll, as with a task.
            if main.woken.swap(false, Ordering::SeqCst)
                && let Poll::Ready(output) = future.as_mut().poll(&mut context)
            {
                return output;
            }
            self.shared.run_tasks();
            driving.park();
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
        // The `Drop` of a future may spawn: on its own executor, even if another one drives this thread.
        let _entered = Entered::enter(&self.shared);
        let alive = mem::take(&mut *self.shared.alive.lock().unwrap());
        let futures: Vec<_> = alive.values().map(|task| task.future.lock().unwrap().take()).collect();
        // No lock is held any more: the `Drop` of a future may call wakers.
        drop(futures);
        // Such a wake pushes a task. Its future is gone, so only the task itself goes here.
        self.shared.run_queue.lock().unwrap().clear();
    }
}

/// Three cooks, one pot that boils over, and one dish that nobody wants any more. (There is no bug in here.)
fn main() {
    block_on(async {
        let soup = spawn(async { "soup" });
        let sauce = spawn(async {
            if std::env::args().count() > 0 {
                panic!("the pot boils over");
            }
            "sauce"
        });
        let cake = spawn(std::future::pending::<&str>());
        cake.abort();
        for (name, dish) in [("soup", soup), ("sauce", sauce), ("cake", cake)] {
            match dish.await {
                Ok(dish) => println!("{name}: {dish} is served"),
                Err(error) => println!("{name}: {error}"),
            }
        }
    });
}
