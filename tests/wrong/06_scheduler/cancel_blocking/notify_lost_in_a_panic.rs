//! fails: a_panic_ends_a_step_too
//! says: but `stop` still waits. When a step panics, the code after it does not run.

// "lets the running step come to its end and then returns": the end is told after the loop only; when a step ends with a panic nobody tells it, and `stop` never returns

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

#[derive(Default)]
struct State {
    stop: AtomicBool,
    ended: Notify,
}

pub struct Job {
    state: Arc<State>,
}

impl Job {
    pub fn start(mut step: impl FnMut() + Send + 'static) -> Self {
        let state = Arc::new(State::default());
        let of_thread = state.clone();
        spawn_blocking(move || {
            while !of_thread.stop.load(Ordering::Acquire) {
                step();
            }
            of_thread.ended.notify_one();
        });
        Self { state }
    }

    pub async fn stop(self) {
        self.state.stop.store(true, Ordering::Release);
        self.state.ended.notified().await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut count = 0;
    let job = Job::start(move || {
        thread::sleep(Duration::from_millis(150));
        count += 1;
        println!("step {count}");
    });
    sleep(Duration::from_millis(500)).await;
    job.stop().await;
    println!("stopped");
}
