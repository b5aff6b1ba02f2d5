//! Hidden tests of `handler_blocks_branches`: when the lease is renewed, and what becomes of the jobs.

use std::sync::Arc;
use std::time::Duration;

use exercise::{Worker, run};
use testkit::{
    Gate, Impatience, Log, Patience, Timeline, advance, handed_on, in_words, panic_of, pick, settle,
    side_by_side, stage, vt,
};
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::{Instant, sleep, sleep_until};

/// The lease is renewed every second, while a job is being processed, too.
#[test]
fn the_lease_is_renewed_while_a_job_runs() {
    let long = ms(1_000 * pick(7..=11) + 400);
    // The queue stays open until the last job is done.
    let shift = Shift { jobs: vec![(ms(300), long), (long + ms(2_500), ms(3_300))], closes: 3 * long };
    shift.check(&shift.work());
}

/// When the queue is closed, the jobs that are left are finished, and the lease is renewed until then.
#[test]
fn the_last_jobs_are_finished() {
    let (one, other) = (ms(1_000 * pick(3..=5) + 300), ms(2_200));
    for (jobs, closes) in [
        (vec![(ms(0), one)], ms(1_450)),
        (vec![(ms(0), one), (ms(0), other), (ms(10), one)], ms(1_450)),
        (vec![(ms(0), other); 3], ms(0)),
    ] {
        let shift = Shift { jobs, closes };
        shift.check(&shift.work());
    }
}

/// When `run` has returned, nothing is left: no task, and no renewal.
#[test]
fn nothing_is_left() {
    for jobs in [vec![], vec![(ms(100), ms(2_700))]] {
        let shift = Shift { jobs, closes: ms(3_200) };
        let seen = shift.work();
        shift.check(&seen);
        let (late, tasks) = (seen.late, seen.tasks);
        assert!(
            late == 0,
            "`run` has returned, and within the next 10 s the lease was renewed {late} times. Whatever renews it ends with `run`."
        );
        assert!(tasks == 0, "`run` has returned, and {tasks} of the tasks that it had started are left.");
    }
}

/// There may be no job, hundreds, or one that takes half an hour.
#[test]
fn any_number_and_any_time() {
    let minutes = ms(60_000 * pick(20..=30) + 500);
    let many = (0..pick(200..=300)).map(|n| (ms(5 * n), ms(n % 40))).collect();
    for (jobs, closes) in [
        (vec![], ms(0)),
        (vec![], ms(2_500)),
        (many, ms(1_734)),
        (vec![(ms(0), minutes), (minutes, ms(0))], minutes + ms(700)),
    ] {
        let shift = Shift { jobs, closes };
        shift.check(&shift.work());
    }
}

/// A job may take more than a day.
#[test]
fn a_job_may_take_days() {
    let (wait, events, returned) = one_job_and_a_day(false);
    assert!(
        events.contains(&"done".to_owned()) || !returned,
        "A job takes {wait}, and `run` returned before it was done. Every job is finished, however long it takes."
    );
    assert!(
        events == ["closed", "done"] && returned,
        "A job took {wait}, and then the queue was closed. `run` returns when the last job is done."
    );
}

/// The queue may be quiet for more than a day.
#[test]
fn the_queue_may_be_quiet_for_days() {
    let (wait, events, returned) = one_job_and_a_day(true);
    assert!(
        events.contains(&"closed".to_owned()) || !returned,
        "The queue was quiet for {wait}, and `run` returned. The queue was not closed."
    );
    assert!(
        events == ["closed", "done"] && returned,
        "After {wait} a job came, and then the queue was closed. `run` returns when the last job is done."
    );
}

/// It may be polled by one task, and from then on by another.
#[test]
fn another_task_may_go_on() {
    stage("another task goes on with `run`");
    let shift = Shift { jobs: vec![(ms(300), ms(2_500)), (ms(500), ms(800))], closes: ms(1_700) };
    let press = shift.press(&Timeline::new());
    let outcome = panic_of(|| vt(async { handed_on("`run`", 60, run(press, shift.open())).await }));
    outcome.unwrap_or_else(|text| panic!("{text}"));
}

/// Two workers are independent of each other.
#[test]
fn two_workers_do_not_wait_for_each_other() {
    stage("`run` has been called twice, for a worker with a long job and for one with a short job");
    let long = Shift { jobs: vec![(ms(0), ms(20_400))], closes: ms(100) };
    let short = Shift { jobs: vec![(ms(10), ms(1_300))], closes: ms(50) };
    let outcome = panic_of(|| {
        vt(async {
            let call = |shift: &Shift| run(shift.press(&Timeline::new()), shift.open());
            side_by_side("`run`", 120, call(&long), call(&short)).await;
        })
    });
    outcome.unwrap_or_else(|text| panic!("{text}"));
}

/// The jobs of a worker: when each one arrives, and how long it takes; and when the queue is closed.
struct Shift {
    jobs: Vec<(Duration, Duration)>,
    closes: Duration,
}

/// What was seen of a job.
#[derive(Clone, Default)]
struct Job {
    begun: Vec<Duration>,
    done: Option<Duration>,
    /// Before it was done.
    dropped: Option<Duration>,
}

/// What became of a shift when `run` returned.
struct Seen {
    renewed: Vec<Duration>,
    jobs: Vec<Job>,
    outcome: Result<(), Impatience>,
    took: Duration,
    polls: usize,
    /// Renewals in the ten seconds after that.
    late: usize,
    /// Tasks that were left.
    tasks: usize,
}

/// Processes jobs, and notes what happens.
struct Press {
    takes: Vec<Duration>,
    timeline: Timeline,
    notes: Log,
}

impl Worker for Press {
    fn renew_lease(&self) {
        self.timeline.lane("run").mark("renewed");
        self.notes.push("renewed");
    }

    fn process(&self, job: u32) -> impl Future<Output = ()> + Send {
        let takes = self.takes.get(job as usize).copied().unwrap_or_default();
        let notes = self.notes.clone();
        let lane = if self.takes.len() < 9 { format!("job {job}") } else { "jobs".to_owned() };
        self.timeline.lane(lane).watch(async move {
            notes.push(format!("begun {job}"));
            let mut unfinished = Unfinished { job, notes: Some(notes) };
            // In four steps: it gets on only while somebody polls it.
            for _ in 0..4 {
                sleep(takes / 4).await;
            }
            if let Some(notes) = unfinished.notes.take() {
                notes.push(format!("done {job}"));
            }
        })
    }
}

/// Processes jobs that are done when the test says so.
struct Slow {
    finish: Gate,
    notes: Log,
}

impl Worker for Slow {
    fn renew_lease(&self) {}

    async fn process(&self, _job: u32) {
        self.finish.wait().await;
        self.notes.push("done");
    }
}

/// One job, and more than a day of waiting: before it comes, or until it is done. How long that was, what has happened, in
/// the order of the alphabet, and whether `run` has returned.
fn one_job_and_a_day(quiet: bool) -> (String, Vec<String>, bool) {
    let (wait, slow) = (ms(3_600_000 * pick(25..=27)), Slow { finish: Gate::new(), notes: Log::new() });
    let (finish, notes) = (slow.finish.clone(), slow.notes.clone());
    let (queue, jobs) = channel(1);
    if quiet {
        finish.open();
    }
    stage("`run` has been called, and more than a day goes by");
    let day = {
        let notes = notes.clone();
        async move {
            if quiet {
                settle().await;
                advance(wait).await;
            }
            let _ = queue.send(0).await;
            settle().await;
            if !quiet {
                advance(wait).await;
                settle().await;
            }
            notes.push("closed");
            drop(queue);
            settle().await;
            finish.open();
        }
    };
    let outcome = panic_of(|| {
        vt(async {
            tokio::spawn(day);
            Patience::new().watch(20_000, run(Arc::new(slow), jobs)).await
        })
    });
    let (outcome, _) = outcome.unwrap_or_else(|text| panicked(&text));
    let mut events = notes.events();
    events.sort_unstable();
    (in_words(wait), events, outcome.is_ok())
}

/// Tells when a job is dropped that is not done.
struct Unfinished {
    job: u32,
    notes: Option<Log>,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(notes) = &self.notes {
            notes.push(format!("dropped {}", self.job));
        }
    }
}

impl Shift {
    fn press(&self, timeline: &Timeline) -> Arc<Press> {
        let takes = self.jobs.iter().map(|(_, takes)| *takes).collect();
        Arc::new(Press { takes, timeline: timeline.clone(), notes: Log::new() })
    }

    /// Opens the queue on this runtime.
    fn open(&self) -> Receiver<u32> {
        let (queue, jobs) = channel(self.jobs.len().max(1));
        if self.closes > Duration::ZERO || !self.jobs.is_empty() {
            let arrive = self.jobs.iter().map(|(arrives, _)| *arrives).collect();
            tokio::spawn(fill(queue, arrive, Instant::now(), self.closes));
        }
        jobs
    }

    fn work(&self) -> Seen {
        let timeline = Timeline::new();
        let lane = timeline.lane("run");
        let (press, patience) = (self.press(&timeline), Patience::new());
        let needs = self.jobs.iter().map(|(_, takes)| *takes).sum::<Duration>() + self.closes;
        let most =
            4 * usize::try_from(needs.as_secs()).expect("no test takes so long") + 12 * self.jobs.len() + 40;
        stage("`run` has been called");
        let outcome = panic_of(|| {
            vt(async {
                let start = Instant::now();
                let before = Handle::current().metrics().num_alive_tasks();
                let outcome = patience.watch(most, lane.watch(run(press.clone(), self.open()))).await;
                let took = start.elapsed();
                if outcome.is_err() {
                    return (outcome, took, press.notes.timed(), 0, 0);
                }
                // A task that was aborted is gone then; one that goes on is as far as before.
                settle().await;
                let notes = press.notes.timed();
                let tasks = Handle::current().metrics().num_alive_tasks() - before;
                let renewed = press.notes.count("renewed");
                sleep(ms(10_000)).await;
                (outcome, took, notes, press.notes.count("renewed") - renewed, tasks)
            })
        });
        let ((outcome, took, notes, late, tasks), _) = outcome.unwrap_or_else(|text| panicked(&text));
        let mut seen = Seen {
            renewed: Vec::new(),
            jobs: vec![Job::default(); self.jobs.len()],
            outcome,
            took,
            polls: patience.polls(),
            late,
            tasks,
        };
        for (note, at) in notes {
            match note.split_once(' ') {
                Some((what, job)) => {
                    let number: usize = job.parse().expect("it is the number of a job");
                    let Some(job) = seen.jobs.get_mut(number) else {
                        panic!("Job {number} was processed, and there was no such job in the queue.");
                    };
                    match what {
                        "begun" => job.begun.push(at),
                        "done" => job.done = Some(at),
                        _ => job.dropped = Some(at),
                    }
                }
                None => seen.renewed.push(at),
            }
        }
        seen
    }

    fn check(&self, seen: &Seen) {
        let (took, closes, polls) = (in_words(seen.took), in_words(self.closes), seen.polls);
        let done = seen.jobs.iter().filter(|job| job.done.is_some()).count();
        let all = self.jobs.len();
        self.check_jobs(seen);
        match seen.outcome {
            Ok(()) => {}
            Err(Impatience::Stuck) => panic!(
                "The queue was closed after {closes}, {done} of {all} jobs are done, and `run` still waits, 400 days later. Nothing \
                 is left that could wake it."
            ),
            Err(_) if seen.took > self.closes && done == all => panic!(
                "The queue was closed after {closes} and all of {all} jobs are done, and `run` goes on: after {took} it has been \
                 polled {polls} times. It returns when its last job is done."
            ),
            Err(_) if seen.took.abs_diff(self.closes) < GRAIN => panic!(
                "The queue was closed after {closes}, and from then on `run` goes round and round: it has been polled {polls} times, \
                 with {done} of {all} jobs done. A channel that is closed gives `None` at once, in every turn."
            ),
            Err(_) => panic!(
                "`run` was polled {polls} times in {took}, with {done} of {all} jobs done: it goes round and round. A tick, a job \
                 that arrives and a job that is done are its reasons to wake up."
            ),
        }
        self.check_lease(seen);
        let last = seen.jobs.iter().filter_map(|job| job.done).fold(self.closes, Duration::max);
        assert!(
            seen.took + GRAIN > self.closes,
            "`run` returned after {took}. The queue was open until {closes}, and jobs might have come."
        );
        assert!(
            seen.took < last + GRAIN,
            "The queue was closed and the last job was done after {}, and `run` returned after {took}.",
            in_words(last)
        );
    }

    fn check_jobs(&self, seen: &Seen) {
        let (took, all) = (in_words(seen.took), self.jobs.len());
        for (number, job) in seen.jobs.iter().enumerate() {
            let (arrives, takes) = self.jobs[number];
            let (arrives_at, takes_words, times) = (in_words(arrives), in_words(takes), job.begun.len());
            assert!(
                times <= 1,
                "Job {number} was begun {times} times; it needs {takes_words}. A job is begun once, and then carried on to its \
                 end."
            );
            let Some(begun) = job.begun.first() else {
                assert!(
                    seen.outcome.is_err(),
                    "`run` returned after {took}, and job {number} of {all} was never begun. It had arrived after {arrives_at}."
                );
                continue;
            };
            if let Some(dropped) = job.dropped {
                let ran = dropped.saturating_sub(*begun);
                let when = if dropped + GRAIN > seen.took { ", when `run` returned" } else { "" };
                panic!(
                    "Job {number} was dropped after {}{when}; it needs {takes_words}. A future that is dropped goes no further: \
                     every job is finished.",
                    in_words(ran)
                );
            }
            let others = seen.jobs.iter().filter_map(|job| job.done);
            let prompt =
                others.chain([arrives]).any(|moment| moment >= arrives && begun.abs_diff(moment) < GRAIN);
            assert!(
                prompt,
                "Job {number} arrived after {arrives_at}, and was begun after {}. No job was done just then. A job begins when it \
                 arrives, or when an earlier one is done.",
                in_words(*begun)
            );
            if let Some(done) = job.done {
                let ran = done.saturating_sub(*begun);
                assert!(
                    ran < takes + GRAIN,
                    "Job {number} needs {takes_words}, and it was done {} after it had begun. It gets on only while it is polled: \
                     whatever it waits for has to wake it.",
                    in_words(ran)
                );
            }
        }
        let running: Vec<_> = (0..all).filter(|job| seen.jobs[*job].done.is_none()).collect();
        assert!(
            running.is_empty() || seen.outcome.is_err(),
            "`run` returned after {took}, and {} of {all} jobs were still running (job {}). It returns when they are done: keep \
             track of what you start.",
            running.len(),
            running.iter().map(ToString::to_string).collect::<Vec<_>>().join(", job ")
        );
    }

    fn check_lease(&self, seen: &Seen) {
        if seen.took < GRAIN {
            // Then it may be over before the first renewal.
            return;
        }
        let first = seen.renewed.first().copied().unwrap_or(seen.took);
        assert!(
            first < GRAIN,
            "The first renewal came after {}. The lease is renewed when `run` starts.",
            in_words(first)
        );
        let until = seen.renewed.iter().skip(1).chain([&seen.took]);
        for (from, to) in seen.renewed.iter().zip(until) {
            if *to > *from + SECOND + GRAIN {
                self.explain_gap(seen, *from, *to);
            }
        }
        for pair in seen.renewed.windows(2) {
            let apart = pair[1] - pair[0];
            assert!(
                apart + GRAIN > SECOND,
                "The lease was renewed after {} and again after {}, {} later. It is renewed once a second.",
                in_words(pair[0]),
                in_words(pair[1]),
                in_words(apart)
            );
        }
    }

    /// Between two renewals was more than a second.
    fn explain_gap(&self, seen: &Seen, from: Duration, to: Duration) -> ! {
        let missed = (to - from - GRAIN).as_secs();
        let (from_words, to_words, closes) = (in_words(from), in_words(to), in_words(self.closes));
        let gap = format!(
            "Between {from_words} and {to_words} the lease was not renewed; {missed} renewals were due."
        );
        let find = |what: &dyn Fn(&Job, Duration) -> bool| {
            seen.jobs.iter().position(|job| job.begun.first().is_some_and(|begun| what(job, *begun)))
        };
        let near = |one: Duration, other: Duration| one.abs_diff(other) < GRAIN;
        let running =
            find(&|job, begun| begun < to && job.done.is_none_or(|done| done + GRAIN > from + SECOND));
        if let Some(job) = running
            && from + SECOND > self.closes
        {
            panic!(
                "{gap} The queue was closed after {closes}, and job {job} was still running. The lease is renewed until `run` \
                 returns."
            );
        }
        if let Some(job) = find(&|job, begun| begun < to && job.done.is_some_and(|done| near(done, to))) {
            panic!(
                "{gap} Job {job} was being processed, and the next renewal came when it was done. While a handler awaits, \
                 `select!` polls none of its branches."
            );
        }
        let restarts = |job: &Job, begun| {
            near(begun + SECOND, to) || job.done.is_some_and(|done| near(done + SECOND, to))
        };
        if let Some(job) = find(&restarts) {
            panic!(
                "{gap} The next one came a second after job {job} had begun, or was done: with that, its second began again. A \
                 timer that is made in a branch is made anew in each turn."
            );
        }
        panic!("{gap} The lease is renewed every second, until `run` returns.");
    }
}

fn panicked(text: &str) -> ! {
    assert!(
        !text.contains("`Option::unwrap()` on a `None`"),
        "`run` panicked: {text}. In every turn, `select!` evaluates the expressions of all branches, also of those that their \
         `if` disables."
    );
    panic!("`run` panicked: {text}");
}

async fn fill(queue: Sender<u32>, arrive: Vec<Duration>, start: Instant, closes: Duration) {
    for (job, at) in (0..).zip(arrive) {
        sleep_until(start + at).await;
        if queue.send(job).await.is_err() {
            return;
        }
    }
    sleep_until(start + closes).await;
}

const SECOND: Duration = Duration::from_secs(1);

/// Tokio's clock counts whole milliseconds and may round up; a job does so four times.
const GRAIN: Duration = Duration::from_millis(6);

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
