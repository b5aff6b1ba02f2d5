//! Hidden tests of `hidden_guard`: which mails go out and when, and whether the outbox can be used in the meantime.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;

use exercise::{Outbox, drain};
use testkit::{
    InFlight, Log, assert_send, assert_static, check_eq, handed_on, in_words, panic_of, pick, stage, vt,
    within_polls,
};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

/// All mails go out, once each, the oldest first.
#[test]
fn mails_go_out_in_order() {
    for mails in [mails(0..3), mails(0..5), vec![], mails(0..1)] {
        let post = Post::new(vec![]);
        post.send_all(&mails);
        post.check(&mails);
    }
    // Mails are no less mails when they are empty, or equal to others.
    let mails = ["a", "", "b", "b", "", "a"].map(str::to_owned);
    let post = Post::new(vec![]);
    post.send_all(&mails);
    post.check(&mails);
}

/// The lock is free while a mail is being sent, and mails that are put in then go out too.
#[test]
fn mails_put_in_meanwhile_go_out_too() {
    let many = usize::try_from(pick(500..=900)).expect("it was picked small enough");
    for (first, late) in
        [(2, vec![1, 1]), (1, vec![1, 1, 1]), (1, vec![2, 0, 1]), (3, vec![0, 0, 1]), (1, vec![many])]
    {
        let total = late.iter().sum::<usize>();
        let (first, mut all_late) = (mails(0..first), mails(first..first + total));
        let expected = [&first[..], &all_late[..]].concat();
        let bursts = late.iter().map(|&mails| all_late.drain(..mails).collect());
        let post = Post::new(bursts.collect());
        post.send_all(&first);
        let sent = post.sent.events();
        let missing: Vec<_> = expected[first.len()..].iter().filter(|mail| !sent.contains(mail)).collect();
        assert!(
            missing.is_empty(),
            "The item pushed during `send` was left behind: of {total} mails that were put in while others were \
             being sent, {} never went out. The first of them was {:?}. `drain` ends when the outbox is empty.",
            missing.len(),
            missing[0]
        );
        post.check(&expected);
    }
}

/// One mail goes out after another, and `drain` returns when the last one is sent.
#[test]
fn one_mail_goes_out_after_another() {
    // Shorter than any guess, and longer than any.
    let year = Duration::from_secs(pick(26_000_000..=34_000_000));
    for takes in [Duration::from_millis(pick(1..=3)), year / 4] {
        let (post, mails) = (Post { takes, ..Post::new(vec![]) }, mails(0..4));
        let Took { all: took, .. } = post.send_all(&mails);
        let (took_words, takes_words) = (in_words(took), in_words(takes));
        assert!(
            post.sent.len() == 4,
            "{} of 4 mails were sent when `drain` returned, after {took_words}. Each of them needs {takes_words}, \
             and there is no limit on how long that may be.",
            post.sent.len()
        );
        post.check(&mails);
        // Tokio's clock counts whole milliseconds and may round up.
        assert!(
            took < 4 * takes + Duration::from_millis(5),
            "4 mails were sent, which took {takes_words} each, but `drain` needed {took_words}. There is nothing \
             else to wait for."
        );
    }
    for count in [0, 1, 4] {
        let (post, mails) = (Post::new(vec![]), mails(0..count));
        let late = post.send_all(&mails).after_the_last;
        post.check(&mails);
        let when = if count == 0 { "The outbox was empty" } else { "The last mail was sent" };
        assert!(
            late.is_zero(),
            "{when}, but `drain` returned {} later. It returns when the outbox is empty, and does not wait for more \
             mails.",
            in_words(late)
        );
    }
}

/// Two outboxes are drained at the same time, and one of them a second time.
#[test]
fn outboxes_know_nothing_of_each_other() {
    let (mails, posts) = (mails(0..6), [Post::new(vec![]), Post::new(vec![])]);
    let [one, other] = &posts;
    let boxes = [one.filled(&mails[..2]), other.filled(&mails[2..4])];
    let (_, took) = one.run(|| {
        vt(async {
            let [a, b] = &boxes;
            tokio::join!(one.patiently(a, 2), other.patiently(b, 2));
        })
    });
    one.check(&mails[..2]);
    other.check(&mails[2..4]);
    assert!(
        took < Duration::from_millis(2_002),
        "Two outboxes with 2 mails each, which need a second, were drained at the same time. That took {}, so they \
         waited for each other.",
        in_words(took)
    );
    one.run(|| {
        for mail in &mails[4..] {
            Put(boxes[0].put(mail.clone())).done();
        }
        vt(one.patiently(&boxes[0], 2))
    });
    let again = [&mails[..2], &mails[4..]].concat();
    one.check(&again);
}

/// Several calls of `drain` empty one outbox, and each mail goes out once.
#[test]
fn several_drains_share_an_outbox() {
    stage("one outbox is drained by several calls at once");
    for drains in [2, 3, 20] {
        let mails = mails(0..7);
        let late = vec![Vec::new(), vec![mails[5].clone()], vec![mails[6].clone()]];
        let post = Post::new(late);
        let outbox = post.filled(&mails[..5]);
        post.run(|| {
            vt(async {
                let mut calls = JoinSet::new();
                for _ in 0..drains {
                    let way = Arc::new(Way { post: post.clone(), outbox: outbox.clone() });
                    let outbox = outbox.clone();
                    calls.spawn(timeout(FOR_EVER, within_polls(100, drain(outbox, way))));
                }
                let done = calls.join_all().await;
                let waiting = done.iter().filter(|done| **done != Ok(Some(()))).count();
                assert!(
                    waiting == 0,
                    "`drain` was called {drains} times for one outbox, but {waiting} of these calls did not return. \
                     Each call returns when the outbox is empty."
                );
            })
        });
        let sent = post.sent.events();
        let times = |mail: &String| sent.iter().filter(|sent| *sent == mail).count();
        if let Some(twice) = mails.iter().find(|mail| times(mail) > 1) {
            panic!(
                "`drain` was called {drains} times for one outbox, and mail {twice:?} went out {} times. While it \
                 was being sent, another call still found it in the outbox.",
                times(twice)
            );
        }
        let lost = mails.iter().filter(|mail| times(mail) == 0).count();
        assert!(
            lost == 0,
            "`drain` was called {drains} times for one outbox, but {lost} of {} mails never went out. Each mail goes \
             out once, whichever call takes it.",
            mails.len()
        );
    }
}

/// No mail gets lost when many threads put mails in at once.
#[test]
fn many_threads_put_mails_in() {
    stage("mails are put in by several threads at once");
    let (outbox, start, napped) =
        (Arc::new(Outbox::default()), Barrier::new(NAPPING.len()), AtomicUsize::new(0));
    // hermetic: ends the haste of threads, whose number of mails does not matter
    let started = std::time::Instant::now();
    let putting = &|naps: bool| {
        start.wait();
        panic_of(|| {
            let mut put = 0;
            while napped.load(Ordering::Relaxed) < ENOUGH && put < MANY && started.elapsed() < HASTE {
                for _ in 0..10 {
                    Put(outbox.put(String::new())).done();
                    put += 1;
                    if naps {
                        thread::sleep(NAP);
                        napped.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
            put
        })
    };
    let counter = Arc::new(Counter(AtomicUsize::new(0)));
    let engine = Builder::new_current_thread().enable_all().start_paused(true).build();
    let engine = engine.expect("the system has room for one more runtime");
    let drain_it = || {
        let drained =
            engine.block_on(async { within_polls(1_000_000, drain(outbox.clone(), counter.clone())).await });
        assert!(drained.is_some(), "`drain` was polled a million times: it keeps asking.");
    };
    let put = thread::scope(|scope| {
        let threads = NAPPING.map(|naps| scope.spawn(move || putting(naps)));
        while !threads.iter().all(|thread| thread.is_finished()) {
            drain_it();
        }
        threads.map(|thread| thread.join().expect("a panic is caught inside"))
    });
    drain_it();
    let put = put.map(|put| {
        put.unwrap_or_else(|text| panic!("`put` panicked while other threads put mails in, too: {text}"))
    });
    let (put, sent) = (put.iter().sum::<usize>(), counter.0.load(Ordering::Relaxed));
    assert!(
        sent == put,
        "Several threads put in {put} mails while others were sent, but {sent} went out. When two threads want the \
         lock, one has to wait for a moment; `put` must not give up."
    );
}

/// Several threads empty one outbox: whichever of them takes a mail, it goes out once, and each call returns.
#[test]
fn many_threads_drain_an_outbox() {
    stage("one outbox is drained by several threads at once");
    let (outbox, counter) = (Arc::new(Outbox::default()), Arc::new(Counter(AtomicUsize::new(0))));
    let (start, napped) = (Barrier::new(NAPPING.len()), AtomicUsize::new(0));
    // hermetic: ends the haste of threads, whose number of mails does not matter
    let started = std::time::Instant::now();
    let draining = &|naps: bool| {
        let engine = Builder::new_current_thread().enable_all().start_paused(true).build();
        let engine = engine.expect("the system has room for one more runtime");
        start.wait();
        panic_of(|| {
            let mut put = 0;
            while napped.load(Ordering::Relaxed) < A_FEW && put < 10 * MANY && started.elapsed() < HASTE {
                if naps {
                    thread::sleep(NAP);
                    napped.fetch_add(1, Ordering::Relaxed);
                } else {
                    for _ in 0..50 {
                        Put(outbox.put(String::new())).done();
                        put += 1;
                    }
                }
                let call = async { within_polls(1_000_000, drain(outbox.clone(), counter.clone())).await };
                assert!(
                    engine.block_on(call).is_some(),
                    "`drain` was polled a million times: it keeps asking."
                );
            }
            put
        })
    };
    let put = thread::scope(|scope| {
        let threads = NAPPING.map(|naps| scope.spawn(move || draining(naps)));
        threads.map(|thread| thread.join().expect("a panic is caught inside"))
    });
    let failed = || put.iter().filter_map(|put| put.as_ref().err());
    // A thread that panics with the lock makes others panic, too.
    if let Some(text) = failed().find(|text| !text.contains("Poison")).or(failed().next()) {
        assert!(!text.starts_with("`drain`"), "{text}");
        panic!(
            "Several threads emptied one outbox, and `drain` panicked. Between two locks, another call may take the \
             mail that you have seen: check and take under one lock.\n{text}"
        );
    }
    let (put, sent) = (put.into_iter().flatten().sum::<usize>(), counter.0.load(Ordering::Relaxed));
    assert!(
        sent == put,
        "Several threads emptied one outbox. {put} mails were put in, but {sent} went out: each goes out once, \
         whichever call takes it."
    );
}

/// Which threads nap after each mail. One that gets up takes the core from one that runs, wherever that one is: so threads
/// come in between each other on a machine that is busy, or has one core, as well.
const NAPPING: [bool; 5] = [false, false, true, true, true];
const NAP: Duration = Duration::from_micros(20);
/// After so many naps, or so many mails of one thread, the haste is over; or after so long, in real time. A right answer is
/// not measured by it.
const ENOUGH: usize = 2_500;
const A_FEW: usize = 300;
const MANY: usize = 20_000;
const HASTE: Duration = Duration::from_millis(250);

/// A line where every mail is sent at once.
struct Counter(AtomicUsize);

impl exercise::Line for Counter {
    async fn send(&self, _: String) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// It may be spawned, and polled by one task first and then by another.
#[test]
fn another_task_may_go_on() {
    stage("another task continues `drain`");
    let post = Post::new(vec![]);
    let outbox = post.filled(&mails(0..3));
    let plan = drain(outbox.clone(), Arc::new(Way { post: post.clone(), outbox: outbox.clone() }));
    // This is what `tokio::spawn` asks of a future: between two polls it can move to another thread.
    assert_send(&plan);
    assert_static(&plan);
    if let Err(text) = panic_of(|| vt(handed_on("`drain`", 30, plan))) {
        panic!("{text}");
    }
}

/// Mails with these numbers, and texts in no order.
fn mails(numbers: Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("{} no. {number}", pick(100..=999))).collect()
}

/// What is sent, and what was seen meanwhile.
#[derive(Clone)]
struct Post {
    takes: Duration,
    /// What is put in while the first mail is under way, the second, and so on.
    meanwhile: Arc<Mutex<VecDeque<Vec<String>>>>,
    home: ThreadId,
    sent: Log,
    /// When the last one was sent.
    last: Arc<Mutex<Option<Instant>>>,
    failed: Log,
    strangers: Log,
    at_work: InFlight,
}

/// How long `drain` took.
struct Took {
    all: Duration,
    /// Since the last mail was sent, or since it was called where there was none.
    after_the_last: Duration,
}

impl Post {
    fn new(meanwhile: Vec<Vec<String>>) -> Self {
        Self {
            takes: Duration::from_secs(1),
            meanwhile: Arc::new(Mutex::new(meanwhile.into())),
            home: thread::current().id(),
            sent: Log::new(),
            last: Arc::default(),
            failed: Log::new(),
            strangers: Log::new(),
            at_work: InFlight::new(),
        }
    }

    fn filled(&self, mails: &[String]) -> Arc<Outbox> {
        let outbox = Arc::new(Outbox::default());
        self.run(|| {
            for mail in mails {
                Put(outbox.put(mail.clone())).done();
            }
        });
        outbox
    }

    /// Puts `mails` in, drains, and tells how long that took. What is to be put in meanwhile is put in.
    fn send_all(&self, mails: &[String]) -> Took {
        let outbox = self.filled(mails);
        let later = self.meanwhile.lock().expect("nobody panics with it").iter().flatten().count();
        stage("`drain` runs, and mails are put in");
        self.run(|| {
            vt(async {
                let start = Instant::now();
                self.patiently(&outbox, mails.len() + later).await;
                let last = self.last.lock().expect("nobody panics with it").unwrap_or(start);
                Took { all: start.elapsed(), after_the_last: last.elapsed() }
            })
            .0
        })
    }

    /// Drains. With paused time, a year costs nothing, and a plan that nobody will wake is found out.
    async fn patiently(&self, outbox: &Arc<Outbox>, mails: usize) {
        let way = Arc::new(Way { post: self.clone(), outbox: outbox.clone() });
        let polls = 4 * mails + 10;
        let drained = timeout(FOR_EVER, within_polls(polls, drain(outbox.clone(), way))).await;
        assert!(
            drained != Ok(None),
            "`drain` was polled {polls} times, for {mails} mails: it keeps asking. Await `send`, and you are woken \
             when the mail is sent."
        );
        assert!(
            drained.is_ok(),
            "`drain` waits, and nothing is left that could wake it; {} of {mails} mails are sent. It returns when \
             the outbox is empty.",
            self.sent.len()
        );
    }

    fn run<T>(&self, body: impl FnOnce() -> T) -> T {
        let run = panic_of(body);
        if let Some(text) = self.failed.events().first() {
            panic!(
                "`put` failed while a mail was being sent. The lock has to be free while `send` waits, and `put` \
                 does not wait for anything. ({text})"
            );
        }
        assert!(
            self.strangers.is_empty(),
            "{} mails were sent on separate threads. The runtime that `drain` is called on can wait for them with \
             the thread that it has.",
            self.strangers.len()
        );
        match run {
            Ok(value) => value,
            Err(text) if text.starts_with("`put`") || text.starts_with("`drain`") => panic!("{text}"),
            Err(text) if text.contains("can call blocking only") => panic!(
                "`drain` keeps its thread while a mail is being sent, and others need that thread. It is the only \
                 one here, so `block_in_place` panics. Await `send`, and make sure that the guard is gone by then. \
                 ({text})"
            ),
            Err(text) => panic!("`drain` panicked before it was done: {text}"),
        }
    }

    fn check(&self, expected: &[String]) {
        let (sent, count) = (self.sent.events(), expected.len());
        assert!(
            count == 0 || self.at_work.total() > 0,
            "None of {count} mails went out. Calling `send` only makes a future; the mail goes out when that future \
             is awaited."
        );
        assert!(
            self.at_work.max() < 2,
            "Up to {} of {count} mails were being sent at the same time. They go out one after another.",
            self.at_work.max()
        );
        assert!(
            sent.len() >= self.at_work.total(),
            "`drain` returned when {} of {count} mails were sent and {} were still being sent. It has to wait for \
             its mails.",
            sent.len(),
            self.at_work.now()
        );
        let stopped = expected.get(sent.len()).filter(|_| expected.starts_with(&sent));
        if let Some(next) = stopped {
            let what = if next.is_empty() { ", which is empty, but a mail too" } else { "" };
            panic!(
                "{count} mails were put in, but `drain` returned when {} of them were sent. The next one was \
                 {next:?}{what}.",
                sent.len()
            );
        }
        assert!(
            sent.len() == count,
            "{count} mails were put in, but {} were sent. Each goes out once.",
            sent.len()
        );
        let Some(place) = (0..count).find(|place| sent[*place] != expected[*place]) else { return };
        check_eq!(
            sent,
            expected,
            "Mail {} that went out was {:?}, but it was the turn of {:?}: the oldest first.",
            place + 1,
            sent[place],
            expected[place]
        );
    }
}

/// More than all waits of a test together: with virtual time, it costs nothing.
const FOR_EVER: Duration = Duration::from_secs(700 * 24 * 3600);

/// A line that puts mails into the outbox while it sends others. On another thread than its own it does not wait: the clock
/// there may be a real one.
struct Way {
    post: Post,
    outbox: Arc<Outbox>,
}

impl exercise::Line for Way {
    async fn send(&self, mail: String) {
        let post = &self.post;
        let _sending = post.at_work.enter();
        let burst = post.meanwhile.lock().expect("nobody panics with it").pop_front().unwrap_or_default();
        let (at_once, late) = burst.split_at(burst.len() / 2);
        self.put(at_once);
        tokio::task::yield_now().await;
        if thread::current().id() == post.home {
            sleep(post.takes).await;
        } else {
            post.strangers.push("a mail");
        }
        self.put(late);
        post.sent.push(mail);
        *post.last.lock().expect("nobody panics with it") = Some(Instant::now());
        assert!(post.sent.len() < 2_000, "`drain` does not end: it has sent more mails than were ever put in.");
    }
}

impl Way {
    fn put(&self, mails: &[String]) {
        for mail in mails {
            if let Err(text) = panic_of(|| Put(self.outbox.put(mail.clone())).done()) {
                self.post.failed.push(text);
            }
        }
    }
}

/// What a call of `put` gave. A mail that is put in later gets a message instead of a compile error.
#[allow(dead_code, reason = "only answers with another `put` need it")]
struct Put<T>(T);

impl Put<()> {
    fn done(self) {}
}

#[allow(dead_code, reason = "only answers with another `put` need it")]
trait NotYet {
    fn done(self);
}

impl<T> NotYet for Put<T> {
    fn done(self) {
        panic!(
            "`put` has to put the mail in before it returns, and it is called by code that is not async. Yours \
             returns something else, perhaps a future."
        );
    }
}
