//! Hidden tests of `hidden_guard`: which mails go out, and whether the outbox can be used meanwhile.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercise::{Outbox, drain};
use testkit::{Log, assert_send, assert_static, check_eq, panic_of, pick, stage, vt};
use tokio::time::timeout;

/// All mails go out, once each, the oldest first.
#[test]
fn mails_go_out_in_order() {
    for count in [3, 5, 0] {
        let mails = mails(0..count);
        let sent = send_all(&mails, &[]);
        assert!(
            count == 0 || !sent.is_empty(),
            "None of {count} mails went out. Calling `send` makes a plan; the mail goes out where that plan is awaited."
        );
        check_eq!(sent, mails, "The mails that went out are not those that were put in, the oldest first.");
    }
}

/// The lock is free while a mail is under way, and what is put in then goes out too.
#[test]
fn mails_put_in_meanwhile_go_out_too() {
    for (first, late) in [(2, 2), (1, 3)] {
        let (first, late) = (mails(0..first), mails(first..first + late));
        let sent = send_all(&first, &late);
        let missing: Vec<_> = late.iter().filter(|mail| !sent.contains(mail)).collect();
        assert!(
            missing.is_empty(),
            "The item pushed during `send` was left behind: {missing:?}. While a mail is under way, more may come in; \
             look again before you are done."
        );
        let expected = [first, late].concat();
        check_eq!(
            sent,
            expected,
            "The mails that went out are not those that were put in, the oldest first."
        );
    }
}

/// `drain` may be spawned: between two polls it can move to another thread.
#[test]
fn draining_can_be_a_task() {
    let outbox = Arc::new(Outbox::default());
    let plan = drain(outbox.clone(), Arc::new(Post::new(&outbox, &[])));
    // This is what `tokio::spawn` asks of a future.
    assert_send(&plan);
    assert_static(&plan);
}

/// Mails with these numbers, and texts in no order.
fn mails(numbers: Range<usize>) -> Vec<String> {
    numbers.map(|number| format!("{} no. {number}", pick(100..=999))).collect()
}

/// Puts `mails` in, drains, and tells what was sent. While a mail is under way, the next of `meanwhile` is put in.
fn send_all(mails: &[String], meanwhile: &[String]) -> Vec<String> {
    let outbox = Arc::new(Outbox::default());
    let post = Arc::new(Post::new(&outbox, meanwhile));
    let run = panic_of(|| {
        for mail in mails {
            Put(outbox.put(mail.clone())).done();
        }
        stage("draining; meanwhile, mails are put in");
        // With paused time, an hour costs nothing, and a plan that nobody will wake is found out.
        vt(async { timeout(Duration::from_secs(3600), drain(outbox.clone(), post.clone())).await }).0
    });
    if let Some(text) = post.failed.events().first() {
        panic!(
            "`put` failed while a mail was under way. The lock has to be free while `send` waits, and putting a mail \
             in is no waiting. ({text})"
        );
    }
    match run {
        Ok(Ok(())) => post.sent.events(),
        Ok(Err(_)) => panic!("`drain` waits, and nobody is left who would wake it. What does it wait for?"),
        Err(text) if text.starts_with('`') => panic!("{text}"),
        Err(text) => panic!("`drain` did not get to its end: {text}"),
    }
}

/// A line that puts mails into the outbox while it sends others.
struct Post {
    outbox: Arc<Outbox>,
    meanwhile: Mutex<VecDeque<String>>,
    sent: Log,
    failed: Log,
}

impl Post {
    fn new(outbox: &Arc<Outbox>, meanwhile: &[String]) -> Self {
        let meanwhile = Mutex::new(meanwhile.iter().cloned().collect());
        Self { outbox: outbox.clone(), meanwhile, sent: Log::new(), failed: Log::new() }
    }
}

impl exercise::Line for Post {
    async fn send(&self, mail: String) {
        tokio::task::yield_now().await;
        let next = self.meanwhile.lock().expect("nobody panics with it").pop_front();
        if let Some(next) = next
            && let Err(text) = panic_of(|| Put(self.outbox.put(next)).done())
        {
            self.failed.push(text);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.sent.push(mail);
        assert!(self.sent.len() < 100, "`drain` has no end: more mails went out than were ever put in.");
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
            "`put` has to put the mail in before it returns, and it is called by code that is not async. Yours gives \
             something else back, which may well be a plan."
        );
    }
}
