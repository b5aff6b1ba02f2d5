//! Hidden tests of `notify_race`: jobs that are pushed at a moment when no worker waits yet, workers that leave, and how
//! workers wait.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use testkit::{
    Elsewhere, Lane, Sleeper, Timeline, Watched, assert_send, check_eq, elsewhere, long_wait, panic_of, pick,
    stage, vt,
};
use tokio::runtime::Handle;
use tokio::task::yield_now;

/// A worker has found the store empty and does not wait yet. A job that is pushed at that moment reaches it.
#[test]
fn a_job_pushed_during_the_look_is_found() {
    for nth in 1..=3 {
        let scene = Scene::new(1);
        let job = pick(1..=1_000_000);
        vt(async {
            scene.gap(nth, 1, &[job]);
            scene.settle().await;
            scene.check_late("A worker found the store empty. Before it waited, a job was pushed.").await;
            assert!(
                scene.is_over(0),
                "A worker found the store empty. Before it waited, a job was pushed. The job lies in the store, and the worker \
                 sleeps: nobody was waiting yet, so nobody was told. `notify_one` leaves a permit then, and `notify_waiters` \
                 leaves nothing."
            );
            check_eq!(scene.outputs(), [job], "A job was pushed, and a worker got another one.");
        });
    }
}

/// Two workers have found the store empty, and neither waits yet. Two jobs that are pushed at that moment reach both.
#[test]
fn two_workers_get_two_jobs() {
    for (nth, count) in [(1, 2), (2, 2), (3, 2), (1, number(pick(3..=6)))] {
        let scene = Scene::new(count);
        let jobs = jobs(count);
        vt(async {
            scene.gap(nth, count, &jobs);
            scene.settle().await;
            let what = format!(
                "{count} workers found the store empty. Before they waited, {count} jobs were pushed."
            );
            scene.check_late(&what).await;
            let (asleep, left) = (count - scene.outputs().len(), scene.shelf.len());
            assert!(
                asleep == 0,
                "{what} {} {}, and {} still in the store. \
                 {PERMIT}",
                counted(asleep, "worker sleeps", "workers sleep"),
                if asleep == count { "without a job" } else { "beside the others, who got theirs" },
                counted(left, "job is", "jobs are")
            );
            check_each(&scene.outputs(), &jobs);
        });
    }
}

/// The same, when the workers were woken once before, for a job that another one took.
#[test]
fn it_is_the_same_in_the_next_turn() {
    for nth in 1..=3 {
        let scene = Scene::new(4);
        let jobs = jobs(4);
        vt(async {
            scene.poll(0);
            scene.poll(1);
            scene.jobs.push(jobs[0]);
            scene.jobs.push(jobs[1]);
            // They come just then, and may be quicker than those who were woken.
            scene.poll(2);
            scene.poll(3);
            let quicker = scene.outputs().len();
            scene.gap(nth, 2, &jobs[2..]);
            scene.settle().await;
            let what = format!(
                "2 workers waited, and were woken for 2 jobs, of which {quicker} had been taken by others by then. Before they waited \
                 again, 2 more jobs were pushed."
            );
            scene.check_late(&what).await;
            let asleep = 4 - scene.outputs().len();
            assert!(
                asleep == 0,
                "{what} {}, and {} still in the store. {PERMIT}",
                counted(asleep, "worker sleeps", "workers sleep"),
                counted(scene.shelf.len(), "job is", "jobs are")
            );
            check_each(&scene.outputs(), &jobs);
        });
    }
}

/// Workers that wait are woken, as many as there are jobs, and each job goes to one of them.
#[test]
fn each_job_goes_to_one_worker() {
    let many = number(pick(200..=400));
    for (workers, count) in [(2, 2), (1, 3), (3, 1), (many, many)] {
        let scene = Scene::new(workers);
        let jobs = jobs(count);
        vt(async {
            scene.turn();
            jobs.iter().for_each(|job| scene.jobs.push(*job));
            scene.settle().await;
            let (done, due) = (scene.outputs().len(), workers.min(count));
            assert!(
                done >= due,
                "{workers} workers waited, and {count} jobs were pushed. {done} workers got one, {} jobs are in the store, and \
                 the other workers sleep.",
                scene.shelf.len()
            );
            if workers >= count {
                check_each(&scene.outputs(), &jobs);
            }
            assert!(
                scene.shelf.len() == count - due,
                "{workers} workers waited, and {count} jobs were pushed. {done} workers got one, and {} jobs are in the store. \
                 Each job goes to one worker.",
                scene.shelf.len()
            );
        });
    }
    // Whatever is there when `next` is called is taken without a wait.
    let scene = Scene::new(3);
    vt(async {
        let jobs = jobs(3);
        jobs.iter().for_each(|job| scene.jobs.push(*job));
        scene.settle().await;
        let done = scene.outputs().len();
        assert!(done == 3, "3 jobs were in the store when 3 workers came, and {done} of them got one.");
        check_each(&scene.outputs(), &jobs);
    });
}

/// A worker is woken for a job that is in the store, and not for one that is about to be.
#[test]
fn the_job_is_there_when_a_worker_is_woken() {
    let scene = Scene::new(1);
    let job = pick(1..=1_000_000);
    vt(async {
        scene.turn();
        // On another thread, the worker has a turn just before the job is in the store.
        let (hooked, runtime) = (scene.clone(), Handle::current());
        *lock(&scene.shelf.before_put) = Some(Arc::new(move || {
            let (scene, runtime) = (hooked.clone(), runtime.clone());
            let beside = elsewhere(move || {
                let _context = runtime.enter();
                scene.poll(0);
            });
            lock(&hooked.gap).beside = Some(beside);
        }));
        scene.jobs.push(job);
        *lock(&scene.shelf.before_put) = None;
        let beside = lock(&scene.gap).beside.take();
        if let Some(Err(text)) = beside.map(Elsewhere::finish) {
            panic!("`next` panicked: {text}");
        }
        scene.settle().await;
        assert!(
            scene.is_over(0),
            "A worker waited, and a job was pushed. The worker was woken when the job was not in the store yet, looked, and went to \
             sleep again. Now the job is in the store, and nobody comes for it. Put the job into the store first."
        );
    });
}

/// A worker that gives up takes no job away from the others, also when it had just been woken.
#[test]
fn a_worker_that_gives_up_takes_nothing_along() {
    for (leaves, woken) in [(0, false), (0, true), (1, false), (1, true)] {
        let scene = Scene::new(2);
        let job = pick(1..=1_000_000);
        vt(async {
            scene.turn();
            if woken {
                scene.jobs.push(job);
                scene.leave(leaves);
            } else {
                scene.leave(leaves);
                scene.jobs.push(job);
            }
            scene.settle().await;
            let when = if woken {
                "A job was pushed, and before any worker went on, one of them gave up"
            } else {
                "One of them gave up, and then a job was pushed"
            };
            assert!(
                scene.is_over(1 - leaves),
                "2 workers waited. {when}. The other worker sleeps, and {}. What was meant for a worker that has left is for the \
                 next one.",
                if scene.shelf.len() == 0 { "the job is gone" } else { "the job is in the store" }
            );
        });
    }
}

/// The same, when it gives up later: a `next` that is dropped while it is pending does not have a job yet.
#[test]
fn a_worker_that_gives_up_later_takes_nothing_along() {
    for (waited, leaves) in [(false, 0), (true, 0), (true, 1)] {
        for turns in 1..=4 {
            let scene = Scene::new(2);
            let job = pick(1..=1_000_000);
            vt(async {
                if waited {
                    scene.turn();
                }
                scene.jobs.push(job);
                let before = scene.polls();
                for _ in 0..turns {
                    scene.poll(leaves);
                    yield_now().await;
                }
                // Then it has its job, and does not give up.
                let done = scene.is_over(leaves);
                let (polls, taken) = (scene.polls() - before, scene.shelf.len() == 0);
                if !done {
                    scene.leave(leaves);
                }
                scene.settle().await;
                if done {
                    check_eq!(scene.outputs(), [job], "1 job was pushed for 2 workers.");
                    return;
                }
                assert!(
                    scene.is_over(1 - leaves),
                    "{} The `next` of one of them was polled {} after that, was still pending, and was dropped. The other \
                     worker sleeps, and {}. {}",
                    if waited {
                        "2 workers waited, and a job was pushed."
                    } else {
                        "A job was in the store, and 2 workers came."
                    },
                    counted(polls, "time", "times"),
                    if scene.shelf.len() == 0 { "the job is gone" } else { "the job is in the store" },
                    if taken {
                        "A `next` that is dropped before it is done takes no job away from the others, and this one was pending when \
                         the job was no longer in the store. Wherever `next` awaits, it can be dropped, with all that it holds."
                    } else {
                        "What was meant for a worker that has left is for the next one."
                    }
                );
                check_eq!(scene.outputs(), [job], "A job was pushed, and a worker got another one.");
            });
        }
    }
}

/// A worker without a job sleeps until one is pushed. The newest waker counts, and `push` needs no runtime.
#[test]
fn a_worker_sleeps_until_there_is_a_job() {
    let scene = Scene::new(3);
    let jobs = jobs(2);
    vt(async {
        scene.poll(0);
        scene.poll(1);
        scene.jobs.push(jobs[0]);
        // It comes just then, and may be quicker than the one that was woken.
        scene.poll(2);
        scene.settle().await;
        let before = scene.shelf.looks();
        let waited = long_wait(|| {
            scene.turn();
            (scene.polls(), false)
        })
        .await;
        assert!(
            waited.spins + waited.naps < 8,
            "2 workers waited a month for a job, and nobody pushed one. They were polled {} times, and looked into the store {} \
             times: they ask again and again. A worker that has found nothing sleeps until a `push` wakes it.",
            waited.spins + waited.naps,
            scene.shelf.looks() - before
        );
        scene.change_task();
        let (queue, job) = (scene.jobs.clone(), jobs[1]);
        let pushed = thread::spawn(move || panic_of(|| queue.push(job))).join();
        if let Ok(Err(text)) = pushed {
            panic!("{NO_RUNTIME} ({text})");
        }
        scene.settle().await;
        assert!(
            scene.outputs().len() > 1,
            "2 workers waited for a month. Then other tasks polled them, another thread pushed a job, and none of them was woken \
             by the waker of its newest poll."
        );
        check_each(&scene.outputs(), &jobs);
    });
}

/// A worker of one shop has nothing to do with the jobs of another one.
#[test]
fn shops_are_apart() {
    let (one, other) = (Scene::new(1), Scene::new(1));
    let [first, second, ..] = jobs(2)[..] else { unreachable!("two were made") };
    vt(async {
        one.turn();
        other.turn();
        other.jobs.push(second);
        one.settle().await;
        other.settle().await;
        assert!(
            !one.is_over(0) && other.is_over(0),
            "There are two `Jobs`, with a worker each. A job was pushed into the second one, and its worker {}, and the worker of \
             the first one {}.",
            if other.is_over(0) { "got it" } else { "sleeps" },
            if one.is_over(0) { "got one" } else { "sleeps" }
        );
        one.jobs.push(first);
        one.settle().await;
        check_eq!(
            (one.outputs(), other.outputs()),
            (vec![first], vec![second]),
            "There are two `Jobs`, and a worker got a job of the other one."
        );
    });
}

const NO_RUNTIME: &str =
    "`push` was called by a thread that has no runtime, and panicked. Any thread may call it.";

const PERMIT: &str = "With nobody waiting, any number of `notify_one` leaves one permit, for one worker. `notified()` alone does \
                      not wait yet: only a poll or `enable` makes it.";

fn check_each(found: &[u64], pushed: &[u64]) {
    let (mut sorted, mut all) = (found.to_vec(), pushed.to_vec());
    sorted.sort_unstable();
    all.sort_unstable();
    check_eq!(
        sorted,
        all,
        "{} jobs were pushed, and {} were taken: not the same ones.",
        all.len(),
        sorted.len()
    );
}

/// Jobs that are known at run time only: with 0, with the largest number, and with equal ones.
fn jobs(count: usize) -> Vec<u64> {
    let base = pick(1_000..=1_000_000);
    (0..count).map(|n| [base, 0, base, u64::MAX, base + 1][n % 5]).collect()
}

type Jobs = Arc<exercise::Jobs<Shelf>>;
type Next = Pin<Box<dyn Future<Output = u64> + Send>>;
type Worker = Sleeper<Watched<Next>>;

/// Workers, and the store that they look into.
#[derive(Clone)]
struct Scene {
    jobs: Jobs,
    shelf: Shelf,
    workers: Arc<Vec<Mutex<Option<Worker>>>>,
    /// Of each worker, and of all together.
    counted: Arc<Mutex<Vec<usize>>>,
    polls: Arc<AtomicUsize>,
    /// What each worker got.
    outputs: Arc<Mutex<Vec<Option<u64>>>>,
    gap: Arc<Mutex<Gap>>,
}

/// What is to happen while workers look.
#[derive(Default)]
struct Gap {
    /// So many workers look.
    workers: usize,
    /// Whether anything is to happen at all.
    open: bool,
    /// In which of its looks that find nothing a worker is interrupted.
    nth: usize,
    /// Who looks: each worker is interrupted by the next one.
    looking: usize,
    looks: usize,
    jobs: Vec<u64>,
    /// The second worker, on its own thread.
    beside: Option<Elsewhere>,
    pushing: Vec<Elsewhere>,
}

impl Scene {
    fn new(workers: usize) -> Self {
        let timeline = Timeline::new();
        let lane = |n: usize| {
            timeline.lane(if n < 7 { format!("worker {}", n + 1) } else { "more workers".to_owned() })
        };
        let shelf = Shelf::default();
        let jobs: Jobs = Arc::new(exercise::Jobs::new(shelf.clone()));
        let lanes: Vec<_> = (0..workers).map(lane).collect();
        *lock(&shelf.lane) = Some(timeline.lane("store"));
        let sleepers = lanes.iter().map(|lane| {
            let jobs = jobs.clone();
            let next = async move { jobs.next().await };
            assert_send(&next);
            Mutex::new(Some(Sleeper::new(lane.watch(Box::pin(next) as Next))))
        });
        stage("workers have called `next`");
        Self {
            workers: Arc::new(sleepers.collect()),
            counted: Arc::new(Mutex::new(vec![0; workers])),
            polls: Arc::default(),
            outputs: Arc::new(Mutex::new(vec![None; workers])),
            gap: Arc::default(),
            jobs,
            shelf,
        }
    }

    /// Gives a worker its turn, if it has one.
    fn poll(&self, n: usize) {
        let mut worker = lock(&self.workers[n]);
        let Some(sleeper) = worker.as_mut() else { return };
        let (polls, over) = sleeper.turn();
        let before = std::mem::replace(&mut lock(&self.counted)[n], polls);
        self.polls.fetch_add(polls - before, Ordering::SeqCst);
        if over && let Some(job) = sleeper.output() {
            lock(&self.outputs)[n] = Some(job);
        }
    }

    fn turn(&self) {
        for n in 0..self.workers.len() {
            self.poll(n);
        }
    }

    /// Gives all of them their turns until nothing moves.
    async fn settle(&self) {
        let mut quiet = 0;
        while quiet < 3 {
            let before = self.polls();
            self.turn();
            yield_now().await;
            quiet = if self.polls() == before { quiet + 1 } else { 0 };
            assert!(
                self.polls() < 100 * self.workers.len() + 1_000,
                "{} polled {} times, and {} of them got a job: they ask again and again. A worker that has found nothing sleeps \
                 until a `push` wakes it.",
                counted(self.workers.len(), "worker was", "workers were"),
                self.polls(),
                self.outputs().len()
            );
        }
    }

    /// Nothing moves. Checks that nobody comes for a job because of the clock, when it is late for that.
    async fn check_late(&self, what: &str) {
        if self.outputs().len() == self.workers.len() {
            return;
        }
        let before = self.outputs().len();
        let waited = long_wait(|| {
            self.turn();
            (self.polls(), self.outputs().len() > before)
        })
        .await;
        assert!(
            !waited.over,
            "{what} A worker came for its job only {}: it looks now and then. A worker that has found nothing sleeps until a `push` \
             wakes it, and then it is there at once.",
            waited.when()
        );
    }

    /// A worker looks. In its nth look that finds nothing, the next one has its turn on another thread, and looks, and so on. In
    /// that of the last one, the jobs are pushed. If a lock is held meanwhile, whoever needs it goes on when it is free.
    fn gap(&self, nth: usize, workers: usize, jobs: &[u64]) {
        *lock(&self.gap) = Gap { open: true, workers, nth, jobs: jobs.to_vec(), ..Gap::default() };
        let scene = self.clone();
        *lock(&self.shelf.hook) = Some(Arc::new(move || scene.looked()));
        self.poll(0);
        let (beside, pushing) = {
            let mut gap = lock(&self.gap);
            gap.open = false;
            (gap.beside.take(), std::mem::take(&mut gap.pushing))
        };
        *lock(&self.shelf.hook) = None;
        if let Some(Err(text)) = beside.map(Elsewhere::finish) {
            panic!("`next` panicked: {text}");
        }
        // Those who had no turn yet, since an earlier one did not look.
        self.turn();
        self.push_rest();
        let pushing = pushing.into_iter().chain(std::mem::take(&mut lock(&self.gap).pushing));
        for push in pushing {
            if let Err(text) = push.finish() {
                panic!("{NO_RUNTIME} ({text})");
            }
        }
    }

    /// Somebody has looked and found nothing.
    fn looked(&self) {
        let (looking, last) = {
            let mut gap = lock(&self.gap);
            gap.looks += 1;
            if !gap.open || gap.looks != gap.nth {
                return;
            }
            gap.looks = 0;
            gap.looking += 1;
            (gap.looking, gap.looking == gap.workers)
        };
        if !last {
            let (scene, runtime) = (self.clone(), Handle::current());
            if looking == 1 {
                let beside = elsewhere(move || {
                    let _context = runtime.enter();
                    scene.poll(looking);
                });
                let waits = beside.had_to_wait();
                let mut gap = lock(&self.gap);
                gap.open &= !waits;
                gap.beside = Some(beside);
            } else {
                self.poll(looking);
            }
        }
        if std::mem::take(&mut lock(&self.gap).open) {
            self.push_rest();
        }
    }

    fn push_rest(&self) {
        let jobs = std::mem::take(&mut lock(&self.gap).jobs);
        if jobs.is_empty() {
            return;
        }
        if let Some(lane) = &*lock(&self.shelf.lane) {
            lane.mark(if jobs.len() == 1 {
                "1 job is pushed".to_owned()
            } else {
                format!("{} jobs are pushed", jobs.len())
            });
        }
        let queue = self.jobs.clone();
        let pushing = elsewhere(move || jobs.into_iter().for_each(|job| queue.push(job)));
        lock(&self.gap).pushing.push(pushing);
    }

    fn change_task(&self) {
        for worker in self.workers.iter() {
            if let Some(sleeper) = lock(worker).as_mut() {
                sleeper.change_task();
            }
        }
    }

    /// A worker gives up.
    fn leave(&self, n: usize) {
        lock(&self.workers[n]).take();
    }

    fn is_over(&self, n: usize) -> bool {
        lock(&self.outputs)[n].is_some()
    }

    fn outputs(&self) -> Vec<u64> {
        lock(&self.outputs).iter().flatten().copied().collect()
    }

    fn polls(&self) -> usize {
        self.polls.load(Ordering::SeqCst)
    }
}

/// A store that can be interrupted when somebody finds it empty.
#[derive(Clone, Default)]
struct Shelf {
    jobs: Arc<Mutex<VecDeque<u64>>>,
    looks: Arc<AtomicUsize>,
    hook: Arc<Mutex<Option<Hook>>>,
    before_put: Arc<Mutex<Option<Hook>>>,
    lane: Arc<Mutex<Option<Lane>>>,
}

type Hook = Arc<dyn Fn() + Send + Sync>;

/// More looks than all workers of a test need together.
const LOOKS: usize = 100_000;

impl Shelf {
    fn len(&self) -> usize {
        lock(&self.jobs).len()
    }

    /// How often somebody found it empty.
    fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }
}

impl exercise::Store for Shelf {
    fn put(&self, job: u64) {
        let hook = lock(&self.before_put).clone();
        if let Some(hook) = hook {
            hook();
        }
        lock(&self.jobs).push_back(job);
    }

    fn take(&self) -> Option<u64> {
        let job = lock(&self.jobs).pop_front();
        if job.is_none() {
            let looks = self.looks.fetch_add(1, Ordering::SeqCst);
            assert!(
                looks < LOOKS,
                "The store is empty, and workers looked into it {LOOKS} times: they ask again and again. A worker that has found \
                 nothing sleeps until a `push` wakes it."
            );
            let hook = lock(&self.hook).clone();
            if let Some(hook) = hook {
                hook();
            }
        }
        job
    }
}

/// Locks, also after a panic of the code under test.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn number(picked: u64) -> usize {
    usize::try_from(picked).expect("it was picked small enough")
}
