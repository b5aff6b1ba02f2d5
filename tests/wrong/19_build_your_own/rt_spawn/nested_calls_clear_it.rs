//! fails: a_nested_block_on_panics
//! says: has to put back what was there

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
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
    /// The executor that this thread drives.
    static CURRENT: RefCell<Option<Arc<Shared>>> = const { RefCell::new(None) };
}

/// Makes an executor the current one of this thread. When it is dropped, it puts back the one before.
struct Entered;

impl Entered {
    fn enter(shared: &Arc<Shared>) -> Entered {
        CURRENT.set(Some(shared.clone()));
        Entered
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.set(None);
    }
}

fn current() -> Option<Arc<Shared>> {
    CURRENT.with_borrow(Option::clone)
}

/// Adds a task to the executor that drives this thread.
pub fn spawn<F>(future: F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let shared = current().expect(
        "no executor on this thread: call `spawn` inside of `block_on` or `Executor::run`, or call `Executor::spawn`",
    );
    shared.spawn(Box::pin(future));
}

/// Drives one future with an executor of its own. Tasks that are not complete when it returns are dropped.
pub fn block_on<F: Future>(future: F) -> F::Output {
    Executor::new().block_on(future)
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
        self.alive.lock().unwrap().insert(task.id, task.clone());
        self.schedule(task);
    }

    fn schedule(&self, task: Arc<Task>) {
        self.run_queue.lock().unwrap().push_back(task);
        // After the push, so the thread finds the task when it wakes up.
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
        let is_nested = current().is_some();
        let entered = Entered::enter(shared);
        assert!(
            !is_nested,
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
        Driving { shared, parker, _entered: entered }
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
            driver: Mutex::default(),
        };
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

/// A host cooks, and the courses are tasks of tasks. (There is no bug in here.)
fn main() {
    let dinner = block_on(async {
        for cook in ["Ada", "Bo", "Cy"] {
            spawn(async move {
                println!("{cook} cooks, and asks for help");
                spawn(async move { println!("somebody peels potatoes for {cook}") });
            });
        }
        for _ in 0..3 {
            let mut is_second_poll = false;
            // Lets the tasks run.
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
        "dinner"
    });
    println!("{dinner} is ready");
}
