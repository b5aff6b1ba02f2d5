//! Hidden tests of `detached_task`: how long the heart beats, and what is left of its task.

use std::mem::ManuallyDrop;
use std::time::Duration;

use exercise::Heartbeat;
use testkit::{DropLog, Log, Timeline, panic_of, settle, stage, vt};
use tokio::runtime::Handle;
use tokio::time::sleep;

/// Dropping a `Heartbeat` ends its task: the heart is dropped, and nothing stays behind.
#[test]
fn dropping_it_stops_the_heart() {
    // What is drawn of a right answer is the last case.
    for beats in [3, 0, 3] {
        let (log, dropped) = (Log::new(), Log::new());
        let timeline = Timeline::new();
        let (owner, lane) = (timeline.lane("owner"), timeline.lane("heart"));
        vt(async {
            let heartbeat = Heartbeat::start(lane.watch(heart(&log, &dropped)));
            if beats > 0 {
                sleep(Duration::from_millis(beats * 1000 - 500)).await;
            }
            stage("the `Heartbeat` is being dropped");
            owner.mark("the `Heartbeat` is dropped");
            drop_it(heartbeat);
            settle().await;
            let before = log.len();
            let left = Handle::current().metrics().num_alive_tasks();
            let gone = !dropped.is_empty();
            sleep(Duration::from_secs(10)).await;
            let more = log.len() - before;
            assert!(
                gone && more == 0,
                "Still running. Dropping a handle lets the task go on: {more} more beats in ten seconds, and nobody is \
                 left who could stop them."
            );
            assert!(
                left == 0,
                "The heart has stopped, but {left} task stayed behind. Dropping a `Heartbeat` ends all that it started."
            );
        });
    }
}

/// As long as its `Heartbeat` exists, the heart beats, whatever happens to others.
#[test]
fn it_beats_as_long_as_it_exists() {
    let (first, second, dropped) = (Log::new(), Log::new(), Log::new());
    vt(async {
        // A failed test drops nothing on its way out: a `drop` that panics would hide what has failed.
        let short = ManuallyDrop::new(Heartbeat::start(heart(&first, &dropped)));
        let long = ManuallyDrop::new(Heartbeat::start(heart(&second, &dropped)));
        sleep(Duration::from_millis(1500)).await;
        let beats = first.len();
        assert!(beats == 2, "After a second and a half 2 beats were due, and there were {beats}.");
        stage("one of two `Heartbeat`s is being dropped");
        drop_it(ManuallyDrop::into_inner(short));
        sleep(Duration::from_secs(8)).await;
        let beats = second.len();
        assert!(
            beats == 10,
            "10 beats were due, and there were {beats}. A heart has to beat as long as its own `Heartbeat` exists, also \
             when another one is dropped."
        );
        drop_it(ManuallyDrop::into_inner(long));
    });
}

/// It may be dropped where no runtime is.
#[test]
fn it_may_be_dropped_anywhere() {
    let (log, dropped) = (Log::new(), Log::new());
    let (heartbeat, _) = vt(async {
        let heartbeat = Heartbeat::start(heart(&log, &dropped));
        sleep(Duration::from_millis(500)).await;
        heartbeat
    });
    // The runtime is gone, and its tasks with it.
    if let Err(text) = panic_of(|| drop(heartbeat)) {
        panic!(
            "Dropping it outside of a runtime panicked. `drop` is a plain function; it is called wherever the value \
             ends, and there it cannot count on a runtime. ({text})"
        );
    }
}

fn drop_it(heartbeat: Heartbeat) {
    match panic_of(|| drop(heartbeat)) {
        Ok(()) => (),
        Err(text) if text.contains("from within a runtime") || text.contains("can call blocking only") => {
            panic!(
                "Dropping it started a second engine inside the first one: `block_on` in `drop` panics where async code \
             drops the value. A `drop` cannot wait for a task; it can tell it to end. ({text})"
            )
        }
        Err(text) => panic!("Dropping it panicked: {text}"),
    }
}

/// Beats once a second, without end. Tells when it is dropped.
fn heart(log: &Log, dropped: &Log) -> impl Future<Output = ()> + Send + 'static + use<> {
    let (log, dropped) = (log.clone(), DropLog::new(dropped, "heart"));
    async move {
        let _dropped = dropped;
        loop {
            log.push("beat");
            sleep(Duration::from_secs(1)).await;
        }
    }
}
