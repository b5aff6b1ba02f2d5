//! `settle` waits for everything that can go on by itself, and for nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use testkit::{Gate, Log, Probe, rt, settle, vt};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

#[test]
fn a_chain_of_tasks_has_run_to_its_end() {
    let log = Log::new();
    rt(async {
        let (first, mut input) = mpsc::channel(1);
        for n in 0..50 {
            let (output, next) = mpsc::channel(1);
            let (log, mut receiver) = (log.clone(), std::mem::replace(&mut input, next));
            tokio::spawn(async move {
                while let Some(item) = receiver.recv().await {
                    log.push(format!("{n}"));
                    if output.send(item).await.is_err() {
                        return;
                    }
                }
            });
        }
        first.send(()).await.unwrap();
        settle().await;
        assert_eq!(log.len(), 50);
    });
}

#[test]
fn many_yields_in_a_row_are_waited_for() {
    rt(async {
        let (future, probe) = Probe::new(async {
            for _ in 0..5_000 {
                yield_now().await;
            }
        });
        tokio::spawn(future);
        settle().await;
        assert!(probe.finished());
    });
}

#[test]
fn more_silent_tasks_than_fit_into_one_turn_are_waited_for() {
    rt(async {
        let ran = Arc::new(AtomicUsize::new(0));
        let gate = Gate::new();
        for _ in 0..10_000 {
            let (ran, wait) = (Arc::clone(&ran), gate.wait());
            tokio::spawn(async move {
                wait.await;
                ran.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            });
        }
        settle().await;
        assert_eq!(gate.waiters(), 10_000);
        gate.open();
        settle().await;
        assert_eq!(ran.load(Ordering::SeqCst), 10_000);
    });
}

#[test]
fn virtual_time_does_not_move() {
    let ((), took) = vt(async {
        let log = Log::new();
        tokio::spawn({
            let log = log.clone();
            async move {
                sleep(Duration::from_millis(1)).await;
                log.push("slept");
            }
        });
        let before = Instant::now();
        settle().await;
        assert_eq!((log.len(), before.elapsed()), (0, Duration::ZERO));
        sleep(Duration::from_millis(2)).await;
        assert_eq!(log.len(), 1);
    });
    assert_eq!(took, Duration::from_millis(2));
}

#[test]
fn a_task_that_spins_does_not_keep_it() {
    rt(async {
        let (future, probe) = Probe::new(async {
            loop {
                yield_now().await;
            }
        });
        let task = tokio::spawn(async move {
            let () = future.await;
        });
        settle().await;
        assert!(probe.polls() >= 9_000, "{probe:?}");
        task.abort();
    });
}

#[test]
fn it_works_in_a_spawned_task_too() {
    rt(async {
        let log = Log::new();
        let task = tokio::spawn({
            let log = log.clone();
            async move {
                tokio::spawn({
                    let log = log.clone();
                    async move { log.push("ran") }
                });
                settle().await;
                log.len()
            }
        });
        assert_eq!(task.await.unwrap(), 1);
    });
}
