//! Each session hears the shutdown, whatever it is doing, and also if it starts later.
//!
//! What was wrong: the message was an event. A session that was logging in had no receiver yet. One that was answering had
//! a receiver, and did not look at it for an hour. A session that started after the message had nothing to look at.
//!
//! A `CancellationToken` is a level: it is on from the first `cancel` to the end. That helps those who come later. Those who are
//! busy need the other half of the change: the token is raced against the *whole* session, not only against one of its
//! waits. All of it is dropped then, wherever it stands, and the text allows that. If an answer had to be finished, the
//! token would have to be a branch beside `next` only.
//!
//! A `watch::Sender<bool>` is as good, with `send_replace(true)` and `wait_for(|stop| *stop)`. `send` would store nothing while
//! there is no session, and `changed` would wait for yet another value. Its end is an extra case: if the sender is gone,
//! `wait_for` returns an error, which is not the shutdown.
//!
//! A list of senders or abort handles is not enough, because it only knows the sessions that were there. With a flag
//! beside the list, under the same lock, it is another level.

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
            // `Some` if the viewer has left, `None` if the token was first. It drops the session before it returns, so
            // the viewer can be borrowed again.
            if stop.run_until_cancelled(session).await.is_none() {
                viewer.goodbye().await;
            }
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
