//! Hidden tests of `detached_task`: how long the heart beats, and what remains of its task.

use std::future::poll_fn;
use std::mem::ManuallyDrop;
use std::panic::resume_unwind;
use std::task::Poll;
use std::thread::{self, ThreadId};
// hermetic: bounds the wait for a thread that may be about to start, before a message is chosen
use std::time::{Duration, Instant};

use exercise::Heartbeat;
use testkit::{DropLog, Log, Timeline, in_words, panic_of, pick, settle, stage, vt};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::sleep;

/// Dropping a `Heartbeat` ends its task: the heart is dropped, and nothing remains.
#[test]
fn dropping_it_stops_the_heart() {
    // What is drawn of a right answer is the last case.
    for beats in [3, 0, 3] {
        let heart = Heart::new(Duration::from_secs(1));
        let timeline = Timeline::new();
        let (owner, lane) = (timeline.lane("owner"), timeline.lane("heart"));
        vt(async {
            let heartbeat = ManuallyDrop::new(Heartbeat::start(lane.watch(heart.beating())));
            if beats > 0 {
                sleep(Duration::from_millis(beats * 1000 - pick(200..=800))).await;
                settle().await;
                heart.check(usize::try_from(beats).expect("three at most"), "its `Heartbeat` still exists");
            }
            let tasks = Handle::current().metrics().num_alive_tasks();
            stage("the `Heartbeat` is being dropped");
            owner.mark("the `Heartbeat` is dropped");
            drop_it(ManuallyDrop::into_inner(heartbeat));
            settle().await;
            heart.check_home();
            let (before, left) = (heart.beats.len(), Handle::current().metrics().num_alive_tasks());
            let (gone, start) = (!heart.dropped.is_empty(), tokio::time::Instant::now());
            // Within ten seconds, somebody who looks now and then has looked.
            let mut late = None;
            for _ in 0..10_000 {
                if gone || late.is_some() {
                    break;
                }
                sleep(Duration::from_millis(1)).await;
                late = (!heart.dropped.is_empty()).then(|| start.elapsed());
            }
            let more = heart.beats.len() - before;
            if let Some(late) = late {
                panic!(
                    "The heart was gone {} after its `Heartbeat`, with {more} more beats. It has to stop at once: a \
                     check now and then, or a wait for the next beat, is too late.",
                    in_words(late)
                );
            }
            assert!(
                gone || beats > 0,
                "Still running. The heart stopped when it had beaten three times; this `Heartbeat` was dropped \
                 before its task was polled for the first time, and {more} beats came in the next ten seconds. \
                 Nothing was listening yet, so the signal was lost."
            );
            assert!(
                gone || tasks == left,
                "Still running. There were {tasks} tasks for this `Heartbeat`, and {left} of them outlived it, \
                 together with the heart: {more} more beats came in ten seconds. The task that runs the heart has to \
                 end, not another task that waits for it: if that one drops the handle, the heart's task goes on."
            );
            assert!(
                gone,
                "Still running. Dropping a handle lets the task go on: {more} more beats in ten seconds, and nothing \
                 is left that could stop them."
            );
            assert!(
                left == 0,
                "The heart has stopped, but {left} task is still there. Dropping a `Heartbeat` ends everything that \
                 it started."
            );
            sleep(Duration::from_secs(10)).await;
            assert!(
                heart.beats.len() == before,
                "The heart was dropped, but it beat {} more times in ten seconds.",
                heart.beats.len() - before
            );
        });
    }
}

/// As long as its `Heartbeat` exists, the heart beats, whatever happens to others.
#[test]
fn it_beats_as_long_as_it_exists() {
    let (second, month) = (Duration::from_secs(1), Duration::from_secs(30 * 24 * 3600 + pick(1..=999)));
    let [short, long, quick] = [second, month, Duration::from_millis(1)].map(Heart::new);
    vt(async {
        // A failed test drops nothing on its way out: a `drop` that panics would hide what has failed.
        let [first, middle, last] =
            [&short, &long, &quick].map(|heart| ManuallyDrop::new(Heartbeat::start(heart.beating())));
        // A heart that panics, and many more that beat.
        // hermetic: the panic is what is tested
        let broken = ManuallyDrop::new(Heartbeat::start(async { panic!("the heart panics") }));
        let crowd: Vec<_> = (0..pick(400..=700)).map(|_| Heart::new(second)).collect();
        let beating: Vec<_> =
            crowd.iter().map(|heart| ManuallyDrop::new(Heartbeat::start(heart.beating()))).collect();
        sleep(Duration::from_micros(1500)).await;
        quick.check(2, "its `Heartbeat` exists");
        sleep(Duration::from_millis(1500)).await;
        short.check(2, "its `Heartbeat` exists");
        let (all, beat) = (crowd.len(), crowd.iter().filter(|heart| heart.beats.len() == 2).count());
        assert!(
            beat == all,
            "{all} `Heartbeat`s were started, but only {beat} of their hearts beat as they should. Each one beats by \
             itself, any number of them at once."
        );
        beating.into_iter().for_each(|heartbeat| drop_it(ManuallyDrop::into_inner(heartbeat)));
        drop_it(ManuallyDrop::into_inner(broken));
        stage("two of three `Heartbeat`s are being dropped");
        drop_it(ManuallyDrop::into_inner(last));
        drop_it(ManuallyDrop::into_inner(first));
        settle().await;
        // Or they would beat for a year.
        let gone = [&short, &quick].iter().filter(|heart| !heart.dropped.is_empty()).count();
        assert!(gone == 2, "Two of three `Heartbeat`s were dropped, but {gone} of their hearts stopped.");
        sleep(12 * month).await;
        settle().await;
        long.check(13, "its `Heartbeat` exists; two others were dropped a year ago");
        drop_it(ManuallyDrop::into_inner(middle));
        settle().await;
        assert!(
            !long.dropped.is_empty(),
            "The last of three `Heartbeat`s was dropped, but its heart keeps beating."
        );
    });
}

/// It may be dropped on any thread, outside a runtime, by a panic, and when its task is over.
#[test]
fn it_may_be_dropped_anywhere() {
    let heart = Heart::new(Duration::from_secs(1));
    let (heartbeat, _) = vt(async {
        let elsewhere = Heartbeat::start(heart.beating());
        sleep(Duration::from_millis(500)).await;
        stage("the `Heartbeat` is being dropped on a thread that is not the runtime's");
        let dropped = thread::scope(|scope| scope.spawn(|| panic_of(move || drop(elsewhere))).join());
        if let Err(text) = dropped.expect("a panic is caught inside") {
            panic!("You dropped it on a thread that is not the runtime's, and the drop panicked. {ANYWHERE} ({text})");
        }
        settle().await;
        assert!(
            !heart.dropped.is_empty(),
            "It was dropped on a thread that is not the runtime's, but the heart keeps beating."
        );

        let heart = Heart::new(Duration::from_secs(1));
        let owned = Heartbeat::start(heart.beating());
        sleep(Duration::from_millis(500)).await;
        stage("the owner of a `Heartbeat` panics");
        let _ = panic_of(|| -> () {
            let _owned = owned;
            resume_unwind(Box::new("the owner panics"))
        });
        settle().await;
        assert!(
            !heart.dropped.is_empty(),
            "The owner of a `Heartbeat` panicked, which dropped it, but the heart keeps beating. A node that fails \
             must not go on reporting that it is alive."
        );

        // hermetic: the panic is what is tested
        let broken = Heartbeat::start(async { panic!("the heart panics") });
        settle().await;
        if let Err(text) = panic_of(|| drop(broken)) {
            panic!(
                "The heart had panicked, and then dropping its `Heartbeat` panicked, too. ({text})"
            );
        }

        let heartbeat = Heartbeat::start(heart.beating());
        sleep(Duration::from_millis(500)).await;
        heartbeat
    });
    // The runtime is gone, and its tasks with it.
    if let Err(text) = panic_of(|| drop(heartbeat)) {
        panic!("It was dropped outside a runtime, and the drop panicked. {ANYWHERE} ({text})");
    }
}

/// Not one beat follows the end of its `Heartbeat`, even if it was due at that moment.
#[test]
fn a_beat_that_was_due_does_not_come() {
    vt(async {
        for (first, when) in [(true, "before their first beat"), (false, "when a beat was due")] {
            // Whoever leaves it to chance which of the two is looked at first looks at the heart at least once.
            let mut late = 0;
            for _ in 0..TIMES {
                let (beats, (beat, mut due)) = (Log::new(), mpsc::unbounded_channel());
                let heart = {
                    let beats = beats.clone();
                    async move {
                        while due.recv().await.is_some() {
                            beats.push("beat");
                        }
                    }
                };
                let heartbeat = ManuallyDrop::new(Heartbeat::start(heart));
                if !first {
                    settle().await;
                }
                // The heart is woken, and its task has no turn before the drop.
                let _ = beat.send(());
                drop_it(ManuallyDrop::into_inner(heartbeat));
                settle().await;
                late += usize::from(!beats.is_empty());
            }
            assert!(
                late == 0,
                "{TIMES} `Heartbeat`s were dropped {when}, but {late} of their hearts still beat after that. Once a \
                 `Heartbeat` is gone, its heart must not be polled again: check first whether it is gone."
            );
        }
    });
}

/// A coin that falls on the same side so often is not one.
const TIMES: usize = 64;

const ANYWHERE: &str = "`drop` is a plain function; it runs wherever the value is dropped, and it cannot count on a \
                        runtime there.";

fn drop_it(heartbeat: Heartbeat) {
    match panic_of(|| drop(heartbeat)) {
        Ok(()) => (),
        Err(text) if text.contains("from within a runtime") => panic!(
            "Dropping it started a second runtime inside the first one: `block_on` in `drop` panics where async code \
             drops the value. `drop` cannot wait for a task; it can only tell the task to end. ({text})"
        ),
        Err(text) => panic!("Dropping it panicked: {text}"),
    }
}

/// A heart, and what was seen of it.
struct Heart {
    pause: Duration,
    home: ThreadId,
    beats: Log,
    dropped: Log,
    strangers: Log,
    restless: Log,
}

impl Heart {
    fn new(pause: Duration) -> Self {
        let [beats, dropped, strangers, restless] = [(); 4].map(|()| Log::new());
        Self { pause, home: thread::current().id(), beats, dropped, strangers, restless }
    }

    /// Beats, without end. Tells when it is dropped. It ends when it finds itself on another thread than its own, where the
    /// clock may be a real one, or when it is polled in circles.
    fn beating(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let (pause, home) = (self.pause, self.home);
        let (beats, strangers, restless) =
            (self.beats.clone(), self.strangers.clone(), self.restless.clone());
        let dropped = DropLog::new(&self.dropped, "heart");
        async move {
            let _dropped = dropped;
            loop {
                if thread::current().id() != home {
                    strangers.push("a heart");
                    return;
                }
                beats.push("beat");
                let (mut polls, mut pause) = (0, Box::pin(sleep(pause)));
                let circles = poll_fn(|context| {
                    polls += 1;
                    if polls > MOST {
                        Poll::Ready(true)
                    } else {
                        pause.as_mut().poll(context).map(|()| false)
                    }
                });
                if circles.await {
                    restless.push("a heart");
                    return;
                }
            }
        }
    }

    /// Checks how often it has beaten until now.
    fn check(&self, due: usize, owner: &str) {
        let beats = self.beats.len();
        if beats == 0 {
            // If a thread is about to carry it out, that is the better message.
            let start = Instant::now();
            while self.strangers.is_empty() && start.elapsed() < Duration::from_secs(1) {
                thread::sleep(Duration::from_millis(1));
            }
        }
        self.check_home();
        let over = self.dropped.timed();
        assert!(
            over.is_empty() || beats >= due,
            "The heart has stopped after {beats} beats, but {due} were due, and {owner}. It beats as long as its own \
             `Heartbeat` exists, and no longer."
        );
        assert!(beats == due, "{due} beats were due, but there were {beats}: {owner}.");
    }

    fn check_home(&self) {
        assert!(
            self.strangers.is_empty(),
            "The heart beats on a separate thread. The runtime that `start` is called on can run any number of \
             hearts with the thread that it has: spawn it there."
        );
        assert!(
            self.restless.is_empty(),
            "Between two beats, the heart was polled {MOST} times: something next to it keeps asking. A task is \
             woken when there is something to do."
        );
    }
}

/// For a pause, two polls are enough; a signal beside it may be one more reason to look.
const MOST: usize = 10;
