//! Hidden tests of `state_lives_in_self`: what each poll of an `Import` stores, and whether it asks for the next one.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex, Once};
use std::task::{Poll, Waker};
use std::thread;
// hermetic: bounds the wait for a wake that another thread may bring; a right answer wakes before it returns
use std::time::{Duration, Instant};

use exercise::Import;
use testkit::{CountingWaker, check_eq, panic_of, pick, poll_once, stage};

/// Each poll stores the next row; after the last row, the import is ready.
#[test]
fn each_poll_stores_the_next_row() {
    let rows = rows("row");
    let all = rows.len();
    let (mut import, stored) = import(&rows);
    let answer = polled_to_the_last_row(&mut import, &stored, &rows);
    check_end(answer, &mut import, &stored, &rows);
    assert!(
        stored.borrow().len() == all,
        "All {all} rows were stored, and then the poll that was ready stored one more: {:?}.",
        stored.borrow().last().unwrap_or(&String::new())
    );
}

/// A future that returns `Pending` must make sure that it is polled again.
#[test]
fn every_pending_asks_for_another_poll() {
    let rows = rows("row");
    let (mut import, _stored) = import(&rows);
    // A task may be moved between two polls: each poll has a waker of its own, and it is that one that counts.
    let mut before = CountingWaker::new();
    for n in 1..=rows.len() + 1 {
        let waker = CountingWaker::new();
        let threads = Arc::new(Mutex::new(Vec::new()));
        waker.on_wake({
            let threads = threads.clone();
            move || threads.lock().unwrap().push(thread::current().id())
        });
        let woken_before = before.wakes();
        let ready = poll(&mut import, waker.waker()).is_ready();
        let wakes = waker.wakes();
        if ready {
            assert!(
                wakes == 0,
                "The import was ready in poll {n}, but woke its task anyway (wakes: {wakes}, wanted 0). A wake means \
                 \"poll me again\", and after `Ready` nobody does."
            );
            return;
        }
        if wakes == 0 {
            assert!(
                before.wakes() == woken_before,
                "Poll {n} of the import returned `Pending` and woke the task that had polled it before, not the one \
                 that polls it now. Each poll brings a waker, and only the newest counts."
            );
            wait_for_a_late_wake(&waker);
        }
        assert!(
            waker.wakes() > 0,
            "Nobody will ever poll you again: `Pending` is a promise to call the waker. Poll {n} of the import \
             returned `Pending` and woke nobody."
        );
        let own = threads.lock().unwrap().iter().all(|woken_by| *woken_by == thread::current().id());
        assert!(
            own,
            "After poll {n}, another thread woke the task. The next row could have been stored at once: ask for the \
             next poll yourself, before you return `Pending`."
        );
        before = waker;
    }
}

/// Two imports at the same time do not disturb each other, and a third one begins with its own first row.
#[test]
fn two_imports_keep_apart() {
    let (mine, yours) = (rows("mine"), rows("yours"));
    let (mut my_import, my_stored) = import(&mine);
    let (mut your_import, your_stored) = import(&yours);
    for n in 1..=mine.len().min(yours.len()) {
        let _ = poll(&mut my_import, CountingWaker::new().waker());
        check_poll(n, &my_stored, &mine);
        let _ = poll(&mut your_import, CountingWaker::new().waker());
        let found = your_stored.borrow().clone();
        if found.get(n - 1) != Some(&yours[n - 1]) && found.get(n - 1) != yours.first() {
            panic!(
                "Two imports were under way, and one continued where the other one had stopped. The progress of an \
                 import belongs to that import: keep it in the struct, where each import has its own.\n   the second \
                 import stored: {found:?}"
            );
        }
        check_poll(n, &your_stored, &yours);
    }
    let (mut third, stored) = import(&mine);
    let _ = poll(&mut third, CountingWaker::new().waker());
    let found = stored.borrow().clone();
    assert!(
        found.first() == mine.first(),
        "A new import, begun while two others were under way, stored {found:?} in its first poll; its first row is \
         {:?}. The progress of an import belongs to that import.",
        mine[0]
    );
}

/// An import without rows is ready at once.
#[test]
fn no_rows_need_one_poll() {
    let (mut import, stored) = import(&[]);
    let waker = CountingWaker::new();
    stage("an import without rows is being polled");
    let answer = panic_of(|| poll_once(&mut import, &waker.waker())).unwrap_or_else(|text| {
        panic!(
            "An import without rows panicked in its first poll. There is nothing to store and nothing to wait \
             for: it is ready, with 0.\n{text}"
        )
    });
    match answer {
        Poll::Ready(count) => {
            check_eq!(count, 0, "An import without rows was ready with {count}: none were stored.");
        }
        Poll::Pending => {
            panic!("An import without rows returned `Pending`, and there is nothing to wait for.")
        }
    }
    assert!(stored.borrow().is_empty(), "An import without rows stored {:?}.", stored.borrow());
    assert!(
        waker.wakes() == 0,
        "An import without rows was ready, and woke its task (wakes: {}, wanted 0): there is nothing to come \
         back for.",
        waker.wakes()
    );
}

/// A row may be empty, and may be the same as another: each is a row, and is stored in its turn.
#[test]
fn every_row_is_a_row() {
    let word = format!("row {}", pick(100..=999));
    let [empty, twice] = [String::new(), word.clone()];
    for rows in [
        vec![empty.clone()],
        vec![word.clone(), empty.clone(), word.clone() + "!"],
        vec![empty.clone(), empty.clone(), word.clone(), empty.clone()],
        vec![twice.clone(), twice.clone(), word + "?", twice],
    ] {
        let (mut import, stored) = import(&rows);
        let mut answer = Poll::Pending;
        for n in 1..=rows.len() {
            answer = poll(&mut import, CountingWaker::new().waker());
            let (row, found) = (&rows[n - 1], stored.borrow().clone());
            let kind = match row.as_str() {
                _ if rows[..n - 1].contains(row) => "a row that is equal to an earlier one",
                "" => "an empty row",
                _ => "a row",
            };
            assert!(
                found.len() >= n,
                "Poll {n} should have stored {row:?}, {kind}, and stored nothing. Every row counts, whatever \
                 its text is.\n   rows: {rows:?}\n   stored: {found:?}"
            );
            assert!(
                found == rows[..n],
                "Poll {n} should have stored {row:?}, {kind}; it stored {:?}. Every row counts, whatever its \
                 text is, each in its turn.\n   rows: {rows:?}\n   stored: {found:?}",
                &found[n - 1..]
            );
            assert!(
                answer.is_pending() || n == rows.len(),
                "The import was ready after poll {n}, with {} of {} rows not stored. Every row counts, \
                 whatever its text is.\n   rows: {rows:?}",
                rows.len() - n,
                rows.len()
            );
        }
        check_end(answer, &mut import, &stored, &rows);
    }
}

/// A thousand rows are stored like three: one in each poll.
#[test]
fn many_rows_are_stored_one_by_one() {
    let rows: Vec<_> = (1..=pick(900..=1100)).map(|n| format!("row {n}")).collect();
    let (mut import, stored) = import(&rows);
    let answer = polled_to_the_last_row(&mut import, &stored, &rows);
    check_end(answer, &mut import, &stored, &rows);
}

/// Polls until every row is stored, and gives the answer of the last poll.
fn polled_to_the_last_row(import: &mut Imported, stored: &Stored, rows: &[String]) -> Poll<usize> {
    let all = rows.len();
    let mut answer = Poll::Pending;
    for n in 1..=all {
        answer = poll(import, CountingWaker::new().waker());
        check_poll(n, stored, rows);
        assert!(
            answer.is_pending() || n == all,
            "`Import` returned `Ready` after poll {n}, with {} of {all} rows not stored.",
            all - n
        );
    }
    answer
}

/// The poll that stored the last row was ready, or the next one is; with the number of rows.
fn check_end(last: Poll<usize>, import: &mut Imported, stored: &Stored, rows: &[String]) {
    let all = rows.len();
    let answer = if last.is_ready() { last } else { poll(import, CountingWaker::new().waker()) };
    match answer {
        Poll::Ready(count) => assert!(
            count == all,
            "The import stored {} rows, and was ready with {count}: a number that is not the number of its rows.",
            stored.borrow().len()
        ),
        Poll::Pending => panic!(
            "All {all} rows were stored after poll {all}, and poll {} still returned `Pending`. There is nothing left \
             to wait for.",
            all + 1
        ),
    }
}

/// What poll `n` has to leave behind: the first `n` rows, which all differ.
fn check_poll(n: usize, stored: &Stored, rows: &[String]) {
    let stored = stored.borrow();
    assert!(
        stored.len() <= n,
        "You did {} steps in one poll and never gave the thread back. With one row per poll, other tasks can run in \
         between.",
        stored.len() + 1 - n
    );
    assert!(
        stored.len() == n,
        "Poll {n} stored no row. The import is not done: each poll has to store the next row."
    );
    let (row, expected) = (&stored[n - 1], &rows[n - 1]);
    assert!(
        n == 1 || *row != rows[0],
        "Poll {n} stored the first row again. A poll remembers nothing: what it keeps in a local variable is \
         gone when it returns, and the next poll starts at the first line of `poll`."
    );
    assert!(row == expected, "Poll {n} stored {row:?}. The row that comes next is {expected:?}.");
}

/// Three to seven rows that nobody can know beforehand; no two are equal.
fn rows(name: &str) -> Vec<String> {
    let first = pick(0..=999);
    (0..pick(3..=7)).map(|n| format!("{name} {}", first + n)).collect()
}

/// What was stored so far.
type Stored = Rc<RefCell<Vec<String>>>;
type Imported = Pin<Box<Import>>;

fn import(rows: &[String]) -> (Imported, Stored) {
    let stored = Stored::default();
    let store = stored.clone();
    let import = panic_of(|| {
        Import::new(rows.to_vec(), Box::new(move |row: &str| store.borrow_mut().push(row.to_owned())))
    });
    let import = import.unwrap_or_else(|text| panic!("`Import::new` panicked: {text}"));
    let early = stored.borrow().clone();
    assert!(early.is_empty(), "`Import::new` stored {early:?}. Nobody had polled the import yet.");
    (Box::pin(import), stored)
}

static STAGE: Once = Once::new();

fn poll(import: &mut Imported, waker: Waker) -> Poll<usize> {
    // Once: a grader that is slow to read would hold up thousands of them.
    STAGE.call_once(|| stage("`Import` is being polled"));
    panic_of(|| poll_once(import, &waker)).unwrap_or_else(|text| panic!("`Import` panicked: {text}"))
}

/// Somebody may have kept the waker and call it from elsewhere.
fn wait_for_a_late_wake(waker: &CountingWaker) {
    let start = Instant::now();
    while waker.wakes() == 0 && waker.live_clones() > 0 && start.elapsed() < Duration::from_secs(2) {
        thread::sleep(Duration::from_millis(1));
    }
}
