//! Hidden tests of `cancel_blocking`: what the closure does while `stop` is on its way, and afterwards.

use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::task::Poll;
use std::thread::{self, ThreadId};

use exercise::Job;
use testkit::{Gate, panic_of, rt, stage};
use tokio::runtime::{Handle, Id};
use tokio::task::yield_now;

/// Steps after which a job counts as unstoppable.
const MANY: usize = 10_000;
/// Turns that `stop` has to make its wish known before the running step is let go.
const TURNS: usize = 64;

/// When `stop` returns, the step that was running is over.
#[test]
fn stop_waits_for_the_running_step() {
    let seen = stop_in_a_step();
    assert!(
        !seen.returned_in_a_step,
        "`stop` returned while a step was still running. To ask the closure to end is one thing, to know that it has \
         ended is another: the handle tells you when it has."
    );
}

/// The step that runs when `stop` is called is the last one.
#[test]
fn the_running_step_is_the_last() {
    let seen = stop_in_a_step();
    let more = seen.more;
    assert!(
        more < MANY || !seen.abandoned,
        "You abandoned the thread; it is still counting. `stop` shut its runtime down without waiting for it, and the \
         closure took {MANY} more steps."
    );
    assert!(
        more < MANY,
        "`abort` had no effect: the closure took {MANY} more steps. A closure that runs cannot be taken off its thread; \
         it has to see for itself that it is to stop."
    );
    assert!(
        more <= 1,
        "The closure took {more} more steps after `stop` was called. It has to look between any two steps."
    );
}

/// Until `stop` is called, one step follows another.
#[test]
fn steps_go_on_until_then() {
    let machine = Machine::new(100);
    machine.release();
    let ended_itself = run(&machine, async {
        let job = Job::start(machine.step());
        stage("the job runs, and nobody has stopped it");
        first_of(machine.many.wait(), machine.over.wait()).await;
        if !machine.many.is_open() {
            return true;
        }
        stage("the job has taken 100 steps, and `stop` was called");
        let mut stop = pin!(job.stop());
        // An unstoppable job is the matter of another test; this one must come to an end.
        for _ in 0..TURNS {
            if poll_fn(|cx| Poll::Ready(stop.as_mut().poll(cx).is_ready())).await {
                break;
            }
            yield_now().await;
        }
        machine.enough.store(true, Ordering::SeqCst);
        false
    });
    assert!(
        !ended_itself,
        "The job ended by itself after {} of 100 steps. It is to go on until it is stopped.",
        machine.begun.load(Ordering::SeqCst)
    );
}

/// What was seen of a job that was stopped in its first step.
struct Seen {
    returned_in_a_step: bool,
    /// Steps begun after that one.
    more: usize,
    /// The closure was on a runtime of its own.
    abandoned: bool,
}

fn stop_in_a_step() -> Seen {
    let machine = Machine::new(1 + MANY);
    run(&machine, async {
        let home = Handle::current().id();
        let job = Job::start(machine.step());
        stage("`start` was called, and the first step is to begin");
        machine.first.wait().await;
        stage("a step is running, and `stop` was called");
        let mut stop = pin!(job.stop());
        let mut stopped = false;
        for _ in 0..TURNS {
            stopped = stopped || poll_fn(|cx| Poll::Ready(stop.as_mut().poll(cx).is_ready())).await;
            yield_now().await;
        }
        let returned_in_a_step = stopped && machine.running.load(Ordering::SeqCst);
        machine.release();
        stage("`stop` was called, the step that was running is over, and the closure is to end");
        let (mut many, mut over) = (machine.many.wait(), machine.over.wait());
        poll_fn(|cx| {
            stopped = stopped || stop.as_mut().poll(cx).is_ready();
            let ended = machine.over.is_open() || pin!(&mut over).poll(cx).is_ready();
            let goes_on = machine.many.is_open() || pin!(&mut many).poll(cx).is_ready();
            if goes_on || ended && stopped { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let more = machine.begun.load(Ordering::SeqCst) - 1;
        let abandoned = machine.runtime.lock().unwrap().is_some_and(|runtime| runtime != home);
        machine.enough.store(true, Ordering::SeqCst);
        Seen { returned_in_a_step, more, abandoned }
    })
}

/// Runs a test on one thread. What `Job` does there instead of on another is told first.
fn run<T>(machine: &State, test: impl Future<Output = T>) -> T {
    let outcome = panic_of(|| rt(test));
    assert!(
        !machine.at_home.load(Ordering::SeqCst),
        "A step may block, and it ran on the runtime's thread: while it blocks there, nothing else moves, not even the \
         task that wants to stop it."
    );
    outcome.unwrap_or_else(|text| panic!("`Job` panicked.\n{text}"))
}

async fn first_of(mut a: impl Future<Output = ()> + Unpin, mut b: impl Future<Output = ()> + Unpin) {
    poll_fn(|cx| match (pin!(&mut a).poll(cx), pin!(&mut b).poll(cx)) {
        (Poll::Pending, Poll::Pending) => Poll::Pending,
        _ => Poll::Ready(()),
    })
    .await;
}

/// Steps that block until they are released, and that are counted.
#[derive(Clone)]
struct Machine(Arc<State>);

struct State {
    home: ThreadId,
    /// A step was taken on the runtime's thread. It did not block there.
    at_home: AtomicBool,
    /// The runtime around the first step, if any.
    runtime: Mutex<Option<Id>>,
    begun: AtomicUsize,
    running: AtomicBool,
    released: Mutex<bool>,
    release: Condvar,
    /// Opens when the first step has begun.
    first: Gate,
    /// Opens when that many steps have begun.
    many: Gate,
    limit: usize,
    /// Opens when the closure is gone.
    over: Gate,
    /// The test is over: a closure that still runs is ended.
    enough: AtomicBool,
}

impl std::ops::Deref for Machine {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl Machine {
    fn new(limit: usize) -> Self {
        Self(Arc::new(State {
            home: thread::current().id(),
            at_home: AtomicBool::new(false),
            runtime: Mutex::new(None),
            begun: AtomicUsize::new(0),
            running: AtomicBool::new(false),
            released: Mutex::new(false),
            release: Condvar::new(),
            first: Gate::new(),
            many: Gate::new(),
            limit,
            over: Gate::new(),
            enough: AtomicBool::new(false),
        }))
    }

    /// The step to hand to a job.
    fn step(&self) -> impl FnMut() + Send + 'static {
        let over = Over(self.over.clone());
        let machine = self.clone();
        move || {
            let _over = &over;
            machine.take_step();
        }
    }
}

impl State {
    fn release(&self) {
        *self.released.lock().unwrap() = true;
        self.release.notify_all();
    }

    fn take_step(&self) {
        if thread::current().id() == self.home {
            self.at_home.store(true, Ordering::SeqCst);
            self.begun.fetch_add(1, Ordering::SeqCst);
            self.first.open();
            self.many.open();
            resume_unwind(Box::new("a step on the runtime's thread"));
        }
        if self.enough.load(Ordering::SeqCst) {
            resume_unwind(Box::new("the test is over"));
        }
        self.running.store(true, Ordering::SeqCst);
        let begun = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        if begun == 1 {
            *self.runtime.lock().unwrap() = Handle::try_current().ok().map(|handle| handle.id());
            self.first.open();
        }
        if begun == self.limit {
            self.many.open();
        }
        let released = self.released.lock().unwrap();
        drop(self.release.wait_while(released, |released| !*released).unwrap());
        self.running.store(false, Ordering::SeqCst);
    }
}

/// Lives in the closure.
struct Over(Gate);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.open();
    }
}
