//! fails: a_slow_goodbye_delays_nobody
//! says: Your code expected a value, and there was none
//!
//! `shut_down` may be called more than once: the second call panics.

use std::future::pending;
use std::sync::Mutex;
use std::time::Duration;

use tokio::select;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

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
    /// `None` after the shutdown.
    sessions: Mutex<Option<Vec<oneshot::Sender<()>>>>,
}

impl Dashboard {
    pub fn open() -> Self {
        Self { sessions: Mutex::new(Some(Vec::new())) }
    }

    /// Starts the viewer's session, in a task.
    pub fn admit(&self, mut viewer: impl Viewer) {
        let (tell, told) = oneshot::channel::<()>();
        match self.sessions.lock().unwrap().as_mut() {
            Some(sessions) => sessions.push(tell),
            None => {
                let _ = tell.send(());
            }
        }
        tokio::spawn(async move {
            let told = async {
                // An error means that the `Dashboard` was dropped, and not that it was shut down.
                if told.await.is_err() {
                    pending::<()>().await;
                }
            };
            let session = async {
                viewer.login().await;
                while let Some(request) = viewer.next().await {
                    viewer.answer(request).await;
                }
            };
            let left = select! {
                biased;
                () = told => false,
                () = session => true,
            };
            if !left {
                viewer.goodbye().await;
            }
        });
    }

    /// May be called at any time, and more than once.
    pub fn shut_down(&self) {
        let sessions = self.sessions.lock().unwrap().take().unwrap();
        for tell in sessions {
            let _ = tell.send(());
        }
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
