//! The log keeps order and virtual time.

use std::thread;
use std::time::Duration;

use testkit::{DropLog, Log, panic_of, rt, vt};
use tokio::time::sleep;

fn seconds(log: &Log) -> Vec<(String, f64)> {
    log.timed().into_iter().map(|(event, at)| (event, at.as_secs_f64())).collect()
}

#[test]
fn events_keep_their_order_across_tasks() {
    let log = Log::new();
    vt(async {
        let task = tokio::spawn({
            let log = log.clone();
            async move {
                log.push("b");
            }
        });
        log.push("a");
        task.await.unwrap();
        log.push("a");
    });
    assert_eq!(log.events(), ["a", "b", "a"]);
    assert_eq!((log.len(), log.count("a"), log.count("c"), log.is_empty()), (3, 2, 0, false));
    assert_eq!(format!("{log:?}"), format!("{:?}", log.timed()));
    log.clear();
    assert!(log.is_empty());
}

#[test]
fn time_is_exact_in_a_log_made_inside() {
    let (log, _) = vt(async {
        sleep(Duration::from_secs(9)).await;
        let log = Log::new();
        log.push("start");
        sleep(Duration::from_millis(250)).await;
        log.push("later");
        log
    });
    assert_eq!(seconds(&log), [("start".to_owned(), 0.0), ("later".to_owned(), 0.25)]);
}

#[test]
fn time_is_exact_in_a_log_made_before_and_goes_on_in_the_next_runtime() {
    let log = Log::new();
    log.push("before");
    vt(async {
        sleep(Duration::from_secs(2)).await;
        log.push("first");
    });
    log.push("between");
    vt(async {
        sleep(Duration::from_secs(3)).await;
        log.push("second");
    });
    log.push("after");
    let expected = [("before", 0.0), ("first", 2.0), ("between", 2.0), ("second", 5.0), ("after", 5.0)];
    assert_eq!(seconds(&log), expected.map(|(event, at)| (event.to_owned(), at)));
}

#[test]
fn blocking_threads_see_virtual_time_and_real_time_does_not_count() {
    let log = Log::new();
    vt(async {
        sleep(Duration::from_secs(1)).await;
        let log = log.clone();
        tokio::task::spawn_blocking(move || {
            thread::park_timeout(Duration::from_millis(5));
            log.push("blocking");
        })
        .await
        .unwrap();
    });
    assert_eq!(seconds(&log), [("blocking".to_owned(), 1.0)]);
}

#[test]
fn in_real_time_it_does_not_go_back() {
    let log = Log::new();
    rt(async {
        log.push("a");
        sleep(Duration::from_millis(1)).await;
        log.push("b");
    });
    let times = log.timed();
    assert!(times[1].1 >= times[0].1 + Duration::from_millis(1), "{times:?}");
}

#[test]
fn drops_are_logged_with_their_time_also_by_the_end_of_the_runtime() {
    let log = Log::new();
    vt(async {
        let kept = DropLog::new(&log, "left behind");
        tokio::spawn(async move {
            let _kept = kept;
            sleep(Duration::from_secs(3600)).await;
        });
        let short = DropLog::new(&log, "short");
        sleep(Duration::from_secs(1)).await;
        drop(short);
        sleep(Duration::from_secs(1)).await;
    });
    assert_eq!(seconds(&log), [("dropped short".to_owned(), 1.0), ("dropped left behind".to_owned(), 2.0)]);
}

#[test]
fn an_endless_loop_does_not_fill_the_memory() {
    let log = Log::new();
    let text = panic_of(|| {
        for _ in 0..=1_000_000 {
            log.push("again");
        }
    })
    .unwrap_err();
    assert!(text.contains("never ends"), "{text}");
    assert_eq!(log.len(), 1_000_000);
}
