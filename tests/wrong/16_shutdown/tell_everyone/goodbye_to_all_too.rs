//! fails: a_viewer_who_has_left_gets_no_goodbye
//! says: and the session called `goodbye` after
//!
//! A viewer who has left gets a `goodbye`, too.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

/// A viewer's connection. Tests bring their own.
pub trait Viewer: Send + 'static {
    fn login(&mut self) -> impl Future<Output = ()> + Send;
    /// Waits for the next request; `None` when the viewer has left.
    fn next(&mut self) -> impl Future<Output = Option<u64>> + Send;
    /// May take hours. Nothing is lost if it is dropped half-way.
    fn answer(&mut self, request: u64) -> impl Future<Output = ()> + Send;
    fn goodbye(&mut self) -> impl Future<Output = ()> + Send;
}

pub struct Dashboard {
    stop: CancellationToken,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { stop: CancellationToken::new() }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let stop = self.stop.clone();
        tokio::spawn(async move {
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            stop.run_until_cancelled(session).await;
            viewer.goodbye().await;
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        self.stop.cancel();
    }
}

struct Browser {
    name: &'static str,
    login: Duration,
    answer: Duration,
    start: Instant,
}

impl Browser {
    fn say(&self, what: &str) {
        println!("{:7.1} s  {}: {what}", self.start.elapsed().as_secs_f32(), self.name);
    }
}

impl Viewer for Browser {
    async fn login(&mut self) {
        sleep(self.login).await;
        self.say("logged in");
    }

    async fn next(&mut self) -> Option<u64> {
        sleep(Duration::from_millis(400)).await;
        Some(1)
    }

    async fn answer(&mut self, _request: u64) {
        sleep(self.answer).await;
        self.say("answered");
    }

    async fn goodbye(&mut self) {
        self.say("goodbye");
    }
}

// The clock is paused, so the seconds are over at once.
#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let start = Instant::now();
    let browser = |name, login, answer| Browser {
        name,
        login: Duration::from_millis(login),
        answer: Duration::from_millis(answer),
        start,
    };
    let dashboard = Dashboard::open();
    dashboard.admit(browser("Ada", 10, 10));
    dashboard.admit(browser("Ben, who wants a report", 10, 3_600_000));
    dashboard.admit(browser("Cem, whose login is slow", 1_100, 10));
    sleep(Duration::from_secs(1)).await;
    println!("{:7.1} s  shut down", start.elapsed().as_secs_f32());
    dashboard.shut_down();
    dashboard.admit(browser("Dee, who comes late", 10, 10));
    sleep(Duration::from_secs(2)).await;
    println!("{:7.1} s  the update begins", start.elapsed().as_secs_f32());
}
