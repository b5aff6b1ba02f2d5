//! Hidden tests of `cancel_blocking`: what the closure does while `stop` runs, and afterward.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::Job;
use testkit::{Gate, Sleeper, Waited, long_wait, panic_of, stage, vt};
use tokio::runtime::{Builder, Handle, Id};
use tokio::select;
use tokio::task::{spawn_blocking, try_id};
use tokio::time::Instant;

/// Steps after which a job counts as unstoppable.
const MANY: usize = 10_000;
/// Steps of a job that is to go on.
const SOME: usize = 100;
/// Polls of a `stop` that waits: the first one, and some to spare.
const FEW: usize = 10;
/// Jobs that have been stopped.
static STOPPED: AtomicUsize = AtomicUsize::new(0);

/// `stop` returns when the step that was running is over, however long that takes.
#[test]
fn stop_waits_for_the_running_step() {
    let waited = stop_in_a_step().waited;
    let Waited { over, took, .. } = waited;
    assert!(
        !over || !took.is_zero(),
        "`stop` returned while a step was still running. A flag or an `abort` does not wait, and neither does the \
         handle of a task around the closure, once it is aborted. Await something that ends with the closure itself: \
         its own handle."
    );
    assert!(
        !over,
        "`stop` gave up: it returned {}, but the step was still running. You cannot know how long a step takes; the \
         handle tells you when the closure has ended.",
        waited.when()
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
        "`stop` was called during the first step, but {MANY} more steps followed. Nothing can take a running closure \
         off its thread, not even `abort`: between two steps, the closure itself has to check whether it should \
         stop."
    );
    assert!(
        more == 0,
        "`stop` was called during the first step, but {} followed. The closure has to check between any two steps.",
        steps(more)
    );
    assert!(
        !seen.never_returned || !seen.former_waker,
        "The running step ended, but `stop` was woken through the waker of an earlier poll. Another task has polled \
         it since then: the waker of the newest poll counts."
    );
    assert!(
        !seen.never_returned,
        "The running step ended and no other step began, but `stop` still waits. What it waits for does not come, or \
         came before it waited."
    );
}

/// While a step is running, `stop` sleeps until it is woken.
#[test]
fn stop_sleeps_meanwhile() {
    // The second job is stopped as the first one was.
    for Waited { spins, naps, .. } in [stop_in_a_step().waited, stop_in_a_step().waited] {
        assert!(
            spins <= FEW,
            "`stop` was polled {spins} times while the same step was running, and no time had passed. A loop that \
             keeps asking burns a core; if you await a handle, it wakes you when the closure has ended."
        );
        assert!(
            naps <= FEW,
            "`stop` woke up {naps} times to check while the same step was running. However short its sleeps are, it \
             is late, and it keeps the machine awake. If you await a handle, it wakes you when the closure has \
             ended."
        );
    }
}

/// When the running step is over, `stop` returns without a pause.
#[test]
fn stop_returns_at_once_then() {
    let late = stop_in_a_step().late;
    assert!(
        late < Duration::from_millis(1),
        "The running step was over, but `stop` returned {late:?} later. It only has to wait for the end of the \
         closure."
    );
    let machine = Machine::new(usize::MAX);
    let took = run(&machine, async {
        machine.release();
        let job = Job::start(machine.step());
        machine.begins().await;
        stage("a job of quick steps runs, and `stop` was called");
        let start = Instant::now();
        Sleeper::new(job.stop()).until(|| false).await;
        machine.enough.store(true, Ordering::SeqCst);
        start.elapsed()
    });
    assert!(
        took < Duration::from_millis(1),
        "A job of quick steps was stopped, but `stop` took {took:?}. It only has to wait for the end of the closure."
    );
}

/// Until `stop` is called, one step follows another.
#[test]
fn steps_go_on_until_then() {
    let machine = Machine::new(SOME);
    machine.release();
    let goes_on = run(&machine, async {
        let job = Job::start(machine.step());
        stage("the job runs, and nobody has stopped it");
        let goes_on = machine.goes_on().await;
        stage("the job has taken 100 steps, and `stop` was called");
        machine.end(job).await;
        goes_on
    });
    assert!(
        goes_on,
        "The job ended by itself after {}. It should go on until it is stopped.",
        steps(machine.begun.load(Ordering::SeqCst))
    );
}

/// `stop` ends its own job: not another one that runs at the same time, and not the next one.
#[test]
fn each_job_is_stopped_alone() {
    let (one, other, next) = (Machine::new(SOME), Machine::new(SOME), Machine::new(SOME));
    let (beside, afterwards) = run(&one, async {
        let (job, second) = (Job::start(one.step()), Job::start(other.step()));
        stage("two jobs run, and their first steps should begin");
        one.begins().await;
        other.begins().await;
        stage("two jobs run, and one of them was stopped");
        one.end(job).await;
        other.release();
        let beside = other.goes_on().await;
        stage("both jobs were stopped");
        other.end(second).await;
        stage("both jobs were stopped, and a third one was started");
        next.release();
        let third = Job::start(next.step());
        let afterwards = next.goes_on().await;
        next.end(third).await;
        (beside, afterwards)
    });
    assert!(
        beside,
        "Two jobs were running, and one of them was stopped. The other one ended, too, after {}. Each job needs its \
         own way to be stopped.",
        steps(other.begun.load(Ordering::SeqCst))
    );
    assert!(
        afterwards,
        "A job was stopped, and the next one ended by itself after {}. Each job needs its own way to be stopped.",
        steps(next.begun.load(Ordering::SeqCst))
    );
}

/// While one `stop` waits for a slow step, another job can be stopped.
#[test]
fn one_stop_does_not_wait_for_another() {
    let (slow, quick) = (Machine::new(MANY), Machine::new(MANY));
    let stopped = run(&slow, async {
        let (job, second) = (Job::start(slow.step()), Job::start(quick.step()));
        slow.begins().await;
        quick.begins().await;
        let (mut first, mut stop) = (Sleeper::new(job.stop()), Sleeper::new(second.stop()));
        first.turn();
        stop.turn();
        stage("two jobs should stop; the running step of the second one is over, but not that of the first one");
        quick.release();
        let stopped = to_the_end(&mut stop, &quick).await;
        slow.release();
        to_the_end(&mut first, &slow).await;
        [&slow, &quick].map(|machine| machine.enough.store(true, Ordering::SeqCst));
        stopped
    });
    assert!(
        stopped,
        "`stop` was called for two jobs. The running step of the second one ended, that of the first one did not, \
         and the second `stop` did not return. It has to wait only for the step of its own job."
    );
}

/// A job that is stopped before its first step notices that, too.
#[test]
fn stopped_before_the_first_step() {
    let machine = Machine::new(MANY);
    // Its only thread for closures is taken until `stop` has been called.
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap();
    let outcome = panic_of(|| {
        runtime.block_on(async {
            let (free, taken) = std::sync::mpsc::channel::<()>();
            let before = spawn_blocking(move || taken.recv());
            let job = Job::start(machine.step());
            stage("`stop` was called before the first step");
            let mut stop = Sleeper::new(job.stop());
            stop.turn();
            machine.release();
            drop(free);
            let _ = before.await;
            let stopped = to_the_end(&mut stop, &machine).await;
            machine.enough.store(true, Ordering::SeqCst);
            stopped
        })
    });
    runtime.shutdown_background();
    machine.check_place();
    let stopped = outcome.unwrap_or_else(|text| panic!("`stop` panicked: {text}"));
    let begun = machine.begun.load(Ordering::SeqCst);
    assert!(
        begun < MANY,
        "`stop` was called before the closure had a thread, but {MANY} steps followed when it got one. The closure \
         has to notice a `stop` that came before its first check, too."
    );
    assert!(begun <= 1, "`stop` was called before the first step, but {} followed.", steps(begun));
    // A thread of its own may have been quicker than `stop`; one of the pool was not free.
    assert!(
        begun == 0 || !machine.on_the_pool.load(Ordering::SeqCst),
        "`stop` was called while the job waited for a thread, but {} followed when there was one. No step may begin \
         after `stop`: check before each step, even before the first one.",
        steps(begun)
    );
    assert!(
        stopped,
        "`stop` was called before the first step, and the job has ended, but `stop` still waits. What it waits for \
         does not come, or came before it waited."
    );
}

/// When a step panics, it is over, and so is the job: `stop` does not wait any longer.
#[test]
fn a_panic_ends_a_step_too() {
    for before in [false, true] {
        let machine = Machine::new(SOME);
        machine.panics.store(true, Ordering::SeqCst);
        let outcome = panic_of(|| {
            vt(async {
                let job = Job::start(machine.step());
                machine.begins().await;
                if before {
                    stage("a step has panicked, and `stop` was called afterward");
                    machine.release();
                    machine.goes_on().await;
                }
                let mut stop = Sleeper::new(job.stop());
                stop.turn();
                stage("`stop` was called, and a step has panicked");
                machine.release();
                let stopped = to_the_end(&mut stop, &machine).await;
                machine.enough.store(true, Ordering::SeqCst);
                stopped
            })
        });
        machine.check_place();
        let when = if before { "A step panicked before" } else { "The running step panicked after" };
        let more = machine.begun.load(Ordering::SeqCst) - 1;
        assert!(
            more == 0,
            "{when} `stop` was called, but {} began after it. A step that panics ends the job: no other step \
             follows.",
            steps(more)
        );
        // To pass the panic on is as good as to return.
        assert!(
            outcome.is_err() || outcome.is_ok_and(|(stopped, _)| stopped),
            "{when} `stop` was called, but `stop` still waits. When a step panics, the code after it does not run. A \
             handle reports the end in any case, and so does a channel whose sender is dropped."
        );
    }
}

fn steps(count: usize) -> String {
    if count == 1 { "1 step".to_owned() } else { format!("{count} steps") }
}

/// What was seen of a job that was stopped in its first step.
struct Seen {
    /// What `stop` did while that step was running.
    waited: Waited,
    /// Steps begun after that one.
    more: usize,
    /// The closure has ended, and `stop` has not.
    never_returned: bool,
    /// It was woken through the waker of a task that had polled it before.
    former_waker: bool,
    /// The time between the end of the step and that of `stop`.
    late: Duration,
    /// The closure was on a runtime of its own.
    abandoned: bool,
}

fn stop_in_a_step() -> Seen {
    let machine = Machine::new(1 + MANY);
    let seen = run(&machine, async {
        let home = Handle::current().id();
        let job = Job::start(machine.step());
        stage("`start` was called, and the first step should begin");
        machine.begins().await;
        stage("a step is running, and `stop` was called");
        let mut stop = Sleeper::new(job.stop());
        stop.turn();
        stop.change_task();
        let waited = long_wait(|| stop.turn()).await;
        machine.release();
        stage("`stop` was called, the step that was running is over, and the closure should end");
        let released = Instant::now();
        let stopped = to_the_end(&mut stop, &machine).await;
        let (late, begun) = (released.elapsed(), machine.begun.load(Ordering::SeqCst));
        let abandoned = machine.runtime.lock().unwrap().is_some_and(|runtime| runtime != home);
        machine.enough.store(true, Ordering::SeqCst);
        let former_waker = stop.former_wakes() > 0;
        Seen {
            waited,
            more: begun - 1,
            never_returned: begun <= MANY && !stopped,
            former_waker,
            late,
            abandoned,
        }
    });
    STOPPED.fetch_add(1, Ordering::SeqCst);
    seen
}

/// Waits until `stop` is over and the closure gone, or the closure goes on and on. Whether `stop` has returned.
async fn to_the_end(stop: &mut Sleeper<impl Future>, machine: &State) -> bool {
    stop.until(|| machine.many.is_open()).await;
    let stopped = stop.turn().1;
    // Where `stop` has returned, the closure may still be on its way out.
    if stopped {
        machine.goes_on().await;
    }
    stopped
}

/// Runs a test on one thread. What `Job` does there instead of on another is told first.
fn run<T>(machine: &State, test: impl Future<Output = T>) -> T {
    let outcome = panic_of(|| vt(test));
    machine.check_place();
    let idle = *machine.idle.lock().unwrap();
    assert!(
        !idle || STOPPED.load(Ordering::SeqCst) == 0,
        "A job was stopped, and the next one ended before its first step, although nobody had stopped it. Each job \
         needs its own way to be stopped."
    );
    assert!(!idle, "A job was started, but it ended before its first step, although nobody had stopped it.");
    outcome.unwrap_or_else(|text| panic!("`Job` panicked: {text}")).0
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
    /// The first step was taken by a closure of `spawn_blocking`.
    on_the_pool: AtomicBool,
    /// It ended before the first step.
    idle: Mutex<bool>,
    /// Steps panic when they are released.
    panics: AtomicBool,
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
            on_the_pool: AtomicBool::new(false),
            idle: Mutex::new(false),
            panics: AtomicBool::new(false),
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

    /// Waits until there were many steps, or the closure is gone. Whether there were many.
    async fn goes_on(&self) -> bool {
        select! {
            biased;
            () = self.many.wait() => true,
            () = self.over.wait() => false,
        }
    }

    /// Waits for the first step. Whoever ends without one has been told to by somebody else.
    async fn begins(&self) {
        let begun = select! {
            biased;
            () = self.first.wait() => true,
            () = self.over.wait() => self.begun.load(Ordering::SeqCst) > 0,
        };
        if !begun {
            *self.idle.lock().unwrap() = true;
            resume_unwind(Box::new("a job without a step"));
        }
    }

    /// Stops a job, and sees to it that it ends: one that cannot be stopped is the matter of another test.
    async fn end(&self, job: Job) {
        let mut stop = Sleeper::new(job.stop());
        stop.turn();
        self.release();
        to_the_end(&mut stop, self).await;
        self.enough.store(true, Ordering::SeqCst);
    }

    fn check_place(&self) {
        assert!(
            !self.at_home.load(Ordering::SeqCst),
            "A step may block, and it ran on the runtime's thread: while it blocks there, no task can run, not even \
             the one that wants to stop it."
        );
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
        let begun = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
        if begun == 1 {
            self.on_the_pool.store(try_id().is_some(), Ordering::SeqCst);
            *self.runtime.lock().unwrap() = Handle::try_current().ok().map(|handle| handle.id());
            self.first.open();
        }
        if begun == self.limit {
            self.many.open();
        }
        let released = self.released.lock().unwrap();
        drop(self.release.wait_while(released, |released| !*released).unwrap());
        if self.panics.load(Ordering::SeqCst) {
            resume_unwind(Box::new("the step is broken"));
        }
    }
}

/// Lives in the closure.
struct Over(Gate);

impl Drop for Over {
    fn drop(&mut self) {
        self.0.open();
    }
}
