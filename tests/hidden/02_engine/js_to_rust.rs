//! Hidden tests of `js_to_rust`.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use testkit::{Log, Timeline, vt};
use tokio::time::sleep;

/// What one opening of the page looked like.
struct Opened {
    page: (String, String),
    took: Duration,
    events: Vec<String>,
}

impl Opened {
    /// When an event happened, counted in events; `None` if it did not.
    fn position(&self, event: &str) -> Option<usize> {
        self.events.iter().position(|found| found == event)
    }
}

/// Opens the page on a server whose answers take that long; `stamp` makes the answers unpredictable.
fn open(user: Duration, feed: Duration, stamp: u64) -> Opened {
    let log = Log::new();
    let events = log.clone();
    let timeline = Timeline::new();
    let lanes = ["page", "/user", "/feed"].map(|name| timeline.lane(name));
    let (page, took) = vt(async move {
        let fetch = |path: &'static str| {
            log.push(format!("called {path}"));
            let log = log.clone();
            let lane = &lanes[if path == "/user" { 1 } else { 2 }];
            lane.watch(async move {
                log.push(format!("sent {path}"));
                sleep(if path == "/user" { user } else { feed }).await;
                log.push(format!("reply {path}"));
                format!("{path} {stamp}")
            })
        };
        let spinner = || {
            log.push("spinner");
            lanes[0].mark("spinner");
        };
        lanes[0].watch(exercise::open_page(fetch, spinner)).await
    });
    let events = events.events();
    for path in ["/user", "/feed"] {
        let sent = events.iter().filter(|event| **event == format!("sent {path}")).count();
        assert!(sent == 1, "`{path}` was requested {sent} times, once was needed.");
    }
    Opened { page, took, events }
}

fn stamp() -> u64 {
    RandomState::new().hash_one(())
}

/// Two requests of 100 ms each are done after 100 ms.
#[test]
fn both_requests_travel_together() {
    let opened = open(Duration::from_millis(100), Duration::from_millis(100), stamp());
    let took = opened.took.as_millis();
    if opened.took >= Duration::from_millis(200) {
        let user_first = opened.position("sent /user") < opened.position("sent /feed");
        let (first, second) = if user_first { ("user", "feed") } else { ("feed", "user") };
        let planned =
            opened.position(&format!("called /{second}")) < opened.position(&format!("reply /{first}"));
        if planned {
            panic!(
                "{took} ms: in Rust, `{second}` had not started while you waited for `{first}`.\n\
                 Calling `fetch` made a plan. Nothing polled the second one before the first was done."
            );
        }
        panic!(
            "{took} ms: you waited for `{first}` before starting `{second}`.\n\
             `.await` right behind a call, or behind a `spawn`, waits there and then."
        );
    }
    assert!(
        (Duration::from_millis(100)..Duration::from_millis(102)).contains(&opened.took),
        "The page took {took} ms. Two requests of 100 ms each, travelling together, take 100 ms."
    );
}

/// The spinner turns once, before the first reply is there.
#[test]
fn the_spinner_turns_before_the_first_reply() {
    let opened = open(Duration::from_millis(100), Duration::from_millis(100), stamp());
    let turns = opened.events.iter().filter(|event| *event == "spinner").count();
    assert!(turns == 1, "The spinner was shown {turns} times, once was needed.");
    let first_reply = opened.events.iter().position(|event| event.starts_with("reply"));
    assert!(
        opened.position("spinner") < first_reply,
        "The spinner was shown after the first reply had come.\n\
         It is there to fill the wait, so it has to be shown before anything is waited for."
    );
}

/// The user comes first and the feed second, whichever answers first.
#[test]
fn replies_keep_their_places() {
    let (slow, quick) = (Duration::from_millis(80), Duration::from_millis(20));
    for (user, feed) in [(slow, quick), (quick, slow)] {
        let stamp = stamp();
        let opened = open(user, feed, stamp);
        let expected = (format!("/user {stamp}"), format!("/feed {stamp}"));
        assert!(
            opened.page == expected,
            "The replies are not where the caller looks for them: the user belongs first, the feed second.\n\
             \x20  expected: {expected:?}\n   found: {:?}",
            opened.page
        );
    }
}
