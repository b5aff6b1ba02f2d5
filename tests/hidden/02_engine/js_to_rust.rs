//! Hidden tests of `js_to_rust`.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use testkit::{Log, Timeline, panic_of, pick, side_by_side, stage, vt};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

/// What one opening of the page looked like.
struct Opened {
    page: (String, String),
    took: Duration,
    events: Vec<String>,
    /// When the feed had its connection, and when it began to wait for the reply.
    feed: [Duration; 2],
}

impl Opened {
    /// When an event happened, counted in events; `None` if it did not.
    fn position(&self, event: &str) -> Option<usize> {
        self.events.iter().position(|found| found == event)
    }
}

/// A page that waits for two requests takes three polls at most. One that is polled so often is stopped.
const CIRCLES: usize = 500;

/// More polls of the page than this are no accident: each request waits twice.
const FEW: usize = 8;

/// How often the page and its requests were polled, and how often on another thread.
#[derive(Clone, Default)]
struct Polls {
    page: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    elsewhere: Arc<AtomicUsize>,
}

/// Opens the page on a server whose answers take that long.
fn open(user: Duration, feed: Duration, answers: [String; 2]) -> Opened {
    let log = Log::new();
    let events = log.clone();
    let timeline = Timeline::new();
    let lanes = ["page", "/user", "/feed"].map(|name| timeline.lane(name));
    let polls = Polls::default();
    let seen = polls.clone();
    let connections: [Arc<Mutex<[Duration; 2]>>; 2] = Default::default();
    let of_feed = Arc::clone(&connections[1]);
    let home = thread::current().id();
    stage("both requests are under way, on a clock that skips every wait");
    // Requests that were polled after they had been ready.
    let used_up = Log::new();
    let asked_again = used_up.clone();
    let opening = async move {
        let fetch = |path: &'static str| {
            log.push(format!("called {path}"));
            let log = log.clone();
            let which = usize::from(path != "/user");
            let answer = answers[which].clone();
            let polls = seen.clone();
            let connected = Arc::clone(&connections[which]);
            let asked_again = asked_again.clone();
            let told = format!("`{path}` was polled again after it had been ready with {answer:?}");
            let mut request = Box::pin(lanes[which + 1].watch(async move {
                log.push(format!("sent {path}"));
                let whole = [user, feed][which];
                let connecting = whole / 2;
                let begun = Instant::now();
                let mut waiting = pin!(async {
                    // First for the connection, then for the reply.
                    if connecting >= Duration::from_millis(1) {
                        sleep(connecting).await;
                    }
                    *connected.lock().unwrap() = [connecting, begun.elapsed()];
                    // A reply may be there at once: then the request is ready at its first poll.
                    if !whole.is_zero() {
                        sleep(whole - connecting).await;
                    }
                });
                poll_fn(|cx| {
                    if thread::current().id() != home {
                        // The clock stands still for it; the mistake is told below.
                        polls.elsewhere.fetch_add(1, Ordering::SeqCst);
                        return Poll::Ready(());
                    }
                    let circles = polls.requests.fetch_add(1, Ordering::SeqCst) > CIRCLES;
                    if circles { Poll::Ready(()) } else { waiting.as_mut().poll(cx) }
                })
                .await;
                log.push(format!("reply {path}"));
                answer
            }));
            let mut over = false;
            poll_fn(move |cx| {
                if over {
                    asked_again.push(told.clone());
                }
                let poll = request.as_mut().poll(cx);
                over = poll.is_ready();
                poll
            })
        };
        let spinner = || {
            log.push("spinner");
            lanes[0].mark("spinner");
        };
        let mut opening = pin!(lanes[0].watch(exercise::open_page(fetch, spinner)));
        poll_fn(|cx| {
            let circles = seen.page.fetch_add(1, Ordering::SeqCst) > CIRCLES;
            if circles { Poll::Ready(None) } else { opening.as_mut().poll(cx).map(Some) }
        })
        .await
    };
    let (page, took) = panic_of(|| vt(opening)).unwrap_or_else(|text| {
        if let Some(told) = used_up.events().first() {
            panic!(
                "The request for {told}.\n\
                 It gives out its output once: keep it, and poll only the request that is not done.\n\
                 The panic: {text}"
            )
        }
        panic!("`open_page` panicked: {text}")
    });
    assert!(
        polls.elsewhere.load(Ordering::SeqCst) == 0,
        "A request ran on another thread, which waits with it. Two requests need only the one thread that is there.\n\
         A future that waits is parked, and needs no thread meanwhile."
    );
    let (of_page, of_requests) = (polls.page.load(Ordering::SeqCst), polls.requests.load(Ordering::SeqCst));
    assert!(
        of_page <= FEW && of_requests <= 2 * FEW,
        "Two replies came, and `open_page` was polled {of_page} times for them, the requests {of_requests} times.\n\
         A future is polled when its waker has been called. Checking in a loop whether a reply is there keeps a core \
         busy.",
    );
    let events = events.events();
    for path in ["/user", "/feed"] {
        let sent = events.iter().filter(|event| **event == format!("sent {path}")).count();
        assert!(sent == 1, "`{path}` was requested {sent} times instead of once.");
    }
    let page = page.expect("a page that was stopped has been told");
    let feed = *of_feed.lock().unwrap();
    Opened { page, took, events, feed }
}

/// Answers that the learner's file cannot know.
fn answers() -> [String; 2] {
    let stamp = pick(0..=u64::MAX);
    ["user", "feed"].map(|what| format!("{what} {stamp}"))
}

/// Tokio's clock counts whole milliseconds, and rounds up: twice for each request.
const GRAIN: Duration = Duration::from_millis(4);

/// A day in milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// A span as a person would say it.
fn human(span: Duration) -> String {
    let ms = span.as_millis();
    match ms / u128::from(DAY) {
        0 => format!("{ms} ms"),
        1 => format!("1 day and {} ms", ms % u128::from(DAY)),
        days => format!("{days} days and {} ms", ms % u128::from(DAY)),
    }
}

/// Two requests of 100 ms each are done after 100 ms.
#[test]
fn both_requests_travel_together() {
    let opened = open(Duration::from_millis(100), Duration::from_millis(100), answers());
    let took = opened.took.as_millis();
    if opened.took >= Duration::from_millis(200) {
        let user_first = opened.position("sent /user") < opened.position("sent /feed");
        let (first, second) = if user_first { ("user", "feed") } else { ("feed", "user") };
        let reply = opened.position(&format!("reply /{first}"));
        let planned = opened.position(&format!("called /{second}")) < reply;
        let together = opened.position(&format!("sent /{second}")) < reply;
        assert!(
            !together,
            "{took} ms: both requests were on their way from the beginning, and their replies were there after 100 \
             ms.\n\
             The page is there when the later reply is."
        );
        if planned {
            panic!(
                "{took} ms: in Rust, `{second}` had not started while you waited for `{first}`.\n\
                 Calling `fetch` only made a future. Nothing polled the second one before the first was done."
            );
        }
        panic!(
            "{took} ms: you waited for `{first}` before starting `{second}`.\n\
             `.await` directly after a call, or after a `spawn`, waits right there."
        );
    }
    assert!(
        opened.took >= Duration::from_millis(100),
        "The page was there after {took} ms, before the replies: each takes 100 ms."
    );
    let [connected, went_on] = opened.feed.map(|span| span.as_millis());
    assert!(
        went_on < connected + 20,
        "{took} ms: the feed had its connection after {connected} ms, and was not polled again before {went_on} ms.\n\
         A request waits more than once, and each time it goes on only if something polls it. One poll does not keep \
         it running."
    );
    assert!(
        opened.took < Duration::from_millis(100) + GRAIN,
        "The page took {took} ms. Two requests of 100 ms each, sent together, take 100 ms."
    );
}

/// The spinner turns once, before the first reply is there.
#[test]
fn the_spinner_turns_before_the_first_reply() {
    let opened = open(Duration::from_millis(100), Duration::from_millis(100), answers());
    let turns = opened.events.iter().filter(|event| *event == "spinner").count();
    assert!(turns > 0, "The spinner was never shown.");
    assert!(turns == 1, "The spinner was shown {turns} times instead of once.");
    let first_reply = opened.events.iter().position(|event| event.starts_with("reply"));
    assert!(
        opened.position("spinner") < first_reply,
        "The spinner was shown after the first reply had come.\n\
         It is there to fill the wait, so it has to be shown before anything is waited for."
    );
}

/// The spinner turns once for every page, even if the replies are quick.
#[test]
fn the_spinner_turns_for_quick_pages_too() {
    for takes in [[0, 0], [0, 100], [100, 0]] {
        let [user, feed] = takes.map(Duration::from_millis);
        let answers = answers();
        let expected: (String, String) = answers.clone().into();
        let opened = open(user, feed, answers);
        let turns = opened.events.iter().filter(|event| *event == "spinner").count();
        assert!(
            turns == 1,
            "The user's reply takes {} ms, the feed's {} ms, and the spinner was shown {turns} times. `open_page` \
             shows it once for every page, even when a reply is there at the first poll.",
            takes[0],
            takes[1]
        );
        assert!(
            opened.page == expected,
            "The user's reply takes {} ms, the feed's {} ms, but the page is not made of the two.\n   \
             expected: {expected:?}\n   found: {:?}",
            takes[0],
            takes[1],
            opened.page
        );
    }
}

/// The user comes first and the feed second, whichever answers first, and whatever they answer.
#[test]
fn replies_keep_their_places() {
    let (slow, quick) = (Duration::from_millis(80), Duration::from_millis(20));
    let plain = ["", ""].map(str::to_owned);
    for (user, feed, answers) in [
        (slow, quick, answers()),
        (quick, slow, answers()),
        (quick, slow, plain.clone()),
        (slow, quick, plain),
    ] {
        let expected: (String, String) = answers.clone().into();
        let found = open(user, feed, answers).page;
        assert!(
            found == expected || (&found.1, &found.0) != (&expected.0, &expected.1),
            "The two replies have changed places: the user belongs first, the feed second.\n\
             \x20  expected: {expected:?}\n   found: {found:?}"
        );
        assert!(
            found == expected,
            "The page is not made of the two replies.\n   expected: {expected:?}\n   found: {found:?}"
        );
    }
}

/// The page is there when the later reply is, after milliseconds or after months.
#[test]
fn the_page_waits_for_the_later_reply() {
    let months = || pick(100..=300) * DAY;
    for (user, feed) in
        [(1, pick(2..=3)), (pick(2..=3), months()), (months(), pick(400..=900)), (months(), months())]
    {
        let answers = answers();
        let expected: (String, String) = answers.clone().into();
        let [user, feed] = [user, feed].map(Duration::from_millis);
        let opened = open(user, feed, answers);
        let later = user.max(feed);
        assert!(
            opened.took >= later,
            "The user answers after {}, the feed after {}. The page was there after {}: {:?}.\n\
             It has to wait for both, however long that takes.",
            human(user),
            human(feed),
            human(opened.took),
            opened.page
        );
        assert!(
            opened.took < later + GRAIN,
            "The user answered after {}, the feed after {}, and the page was there only after {}.",
            human(user),
            human(feed),
            human(opened.took)
        );
        assert!(
            opened.page == expected,
            "The page is not made of the two replies.\n   expected: {expected:?}\n   found: {:?}",
            opened.page
        );
    }
}

/// Two pages that are opened at once do not wait for each other.
#[test]
fn pages_do_not_wait_for_each_other() {
    let home = thread::current().id();
    let page = |reply_takes| {
        let fetch = move |path: &'static str| async move {
            // Elsewhere the clock stands still; that mistake is told above.
            if thread::current().id() == home {
                sleep(reply_takes).await;
            }
            path.to_owned()
        };
        exercise::open_page(fetch, || {})
    };
    stage("two pages are being opened at once, on a clock that skips every wait");
    let [slow, quick] = [pick(5_000..=9_000), pick(20..=200)].map(Duration::from_millis);
    if let Err(text) = panic_of(|| vt(side_by_side("`open_page`", 2 * FEW, page(slow), page(quick)))) {
        panic!("{text}");
    }
}

/// Without a reply there is no page.
#[test]
fn no_reply_is_made_up() {
    for broken in ["/user", "/feed"] {
        let opened = panic_of(|| {
            vt(exercise::open_page(
                |path| async move {
                    yield_now().await;
                    // hermetic: the panic is what is tested
                    assert!(path != broken, "the server is on fire");
                    path.to_owned()
                },
                || {},
            ))
        });
        if let Ok((page, _)) = opened {
            panic!("The request for `{broken}` panicked, but `open_page` made a page anyway: {page:?}.");
        }
    }
}
