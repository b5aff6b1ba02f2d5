//! Hidden tests of `state_lives_in_self`: what each poll of an `Import` stores, and whether it asks for the next one.

use std::hash::{BuildHasher, RandomState};
use std::task::{Poll, Waker};

use exercise::Import;
use testkit::{CountingWaker, Log, check_eq, panic_of, poll_once, stage};

/// Each poll stores one row, the next one; after the last one, the import is ready.
#[test]
fn each_poll_stores_the_next_row() {
    let rows = rows("row");
    let all = rows.len();
    let (mut import, log) = import(&rows);
    for n in 1..=all {
        let answer = poll(&mut import, CountingWaker::new().waker());
        check_poll(n, &log, &rows);
        if let Poll::Ready(count) = answer {
            assert!(
                n == all,
                "`Import` said `Ready` after poll {n}, with {} of {all} rows not stored.",
                all - n
            );
            check_eq!(count, all, "`Import` is ready with a number that is not the number of its rows.");
            // Ready together with the last row: nothing is left to be said.
            return;
        }
    }
    match poll(&mut import, CountingWaker::new().waker()) {
        Poll::Ready(count) => {
            check_eq!(count, all, "`Import` is ready with a number that is not the number of its rows.")
        }
        Poll::Pending => panic!(
            "All {all} rows were stored after poll {all}, and poll {} still said `Pending`. There is nothing left to \
             wait for.",
            all + 1
        ),
    }
    check_eq!(log.events(), rows, "The last poll stored something, though every row was stored.");
}

/// Whoever says `Pending` sees to it that the task is polled again.
#[test]
fn every_pending_asks_for_another_poll() {
    let rows = rows("row");
    let (mut import, _log) = import(&rows);
    let waker = CountingWaker::new();
    for n in 1..=rows.len() + 1 {
        let before = waker.wakes();
        if poll(&mut import, waker.waker()).is_ready() {
            return;
        }
        assert!(
            waker.wakes() > before,
            "Nobody will ever poll you again: `Pending` is a promise to call the waker. Poll {n} of the import said \
             `Pending` and woke nobody."
        );
    }
}

/// Two imports under way at the same time do not disturb each other.
#[test]
fn two_imports_keep_apart() {
    let (mine, yours) = (rows("mine"), rows("yours"));
    let (mut my_import, my_log) = import(&mine);
    let (mut your_import, your_log) = import(&yours);
    for n in 1..=mine.len().min(yours.len()) {
        let _ = poll(&mut my_import, CountingWaker::new().waker());
        check_poll(n, &my_log, &mine);
        let _ = poll(&mut your_import, CountingWaker::new().waker());
        let found = your_log.events();
        if found.get(n - 1) != Some(&yours[n - 1]) && found.get(n - 1) != yours.first() {
            panic!(
                "Two imports were under way, and one went on where the other one had stopped. How far an import has \
                 come belongs to that import: keep it in the struct, where each import has its own.\n   \
                 the second import stored: {found:?}"
            );
        }
        check_poll(n, &your_log, &yours);
    }
}

/// An import without rows is ready at once.
#[test]
fn no_rows_need_one_poll() {
    let (mut import, log) = import(&[]);
    match poll(&mut import, CountingWaker::new().waker()) {
        Poll::Ready(count) => {
            check_eq!(count, 0, "An import without rows is ready with another number than 0.")
        }
        Poll::Pending => panic!("An import without rows said `Pending`, and there is nothing to wait for."),
    }
    assert!(log.is_empty(), "An import without rows stored {:?}.", log.events());
}

/// What poll `n` has to leave behind: the first `n` rows.
fn check_poll(n: usize, log: &Log, rows: &[String]) {
    let found = log.events();
    assert!(
        found.len() <= n,
        "You did {} steps in one poll and never let go of the thread. One row a poll leaves room for others in \
         between.",
        found.len() + 1 - n
    );
    assert!(
        found.len() == n,
        "Poll {n} stored no row. The import is not at its end: a poll has to get on with it."
    );
    let row = &found[n - 1];
    assert!(
        n == 1 || *row != rows[0],
        "Poll {n} stored the first row again. A poll remembers nothing: what it keeps in a local variable is gone when \
         it returns, and the next poll starts at the first line of `poll`."
    );
    check_eq!(*row, rows[n - 1], "Poll {n} stored another row than the one that comes next.");
}

/// Three to seven rows that nobody can know beforehand.
fn rows(name: &str) -> Vec<String> {
    let pick = RandomState::new().hash_one(());
    (0..3 + pick % 5).map(|n| format!("{name} {}", pick % 1000 + n)).collect()
}

fn import(rows: &[String]) -> (impl Future<Output = usize> + Unpin, Log) {
    let log = Log::new();
    let store = log.clone();
    let import = panic_of(|| Import::new(rows.to_vec(), Box::new(move |row: &str| store.push(row))));
    let import = import.unwrap_or_else(|text| panic!("`Import::new` panicked: {text}"));
    assert!(log.is_empty(), "`Import::new` stored {:?}. Nobody had polled the import yet.", log.events());
    (Box::pin(import), log)
}

fn poll(import: &mut (impl Future<Output = usize> + Unpin), waker: Waker) -> Poll<usize> {
    stage("`Import` is being polled");
    panic_of(|| poll_once(import, &waker))
        .unwrap_or_else(|text| panic!("`Import` panicked when it was polled: {text}"))
}
