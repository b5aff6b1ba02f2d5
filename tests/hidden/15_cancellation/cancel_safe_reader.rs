//! Hidden tests of `cancel_safe_reader`: what `next` returns when nobody drops it, and when it is dropped anywhere and called again.

use std::io::ErrorKind;
use std::time::Duration;

use exercise::Reports;
use testkit::{
    Effort, Incoming, IncomingProbe, Timeline, WireEnd, counted, dropped_at_each_poll, handed_on, in_words,
    panic_of, pick, settle, side_by_side, stage, timed, vt,
};
use tokio::io::{AsyncWriteExt, duplex};
use tokio::time::{MissedTickBehavior, interval, sleep};

/// However the bytes arrive, `next` returns one report after the other.
#[test]
fn reports_come_one_after_the_other() {
    let sent = [some(5), some(0), vec![0, 0, 0], some(1), vec![0xff, b'\n', 0xff], some(300), some(0)];
    let same = some(4);
    let many: Vec<_> = (0..900).map(|n| some(n % 7)).collect();
    let cases: [(&[Vec<u8>], &str); 5] = [
        (&sent[..], "Seven reports arrived in one piece"),
        (&[same.clone(), same.clone(), same], "Three equal reports arrived in one piece"),
        (&[some(65_535), some(2), some(65_000)], "Two of three reports are very long"),
        (&many, "900 reports arrived in one piece"),
        (&[], "The connection ended without a report"),
    ];
    for (sent, said) in cases {
        stage(said);
        vt(read(Incoming::new(bytes_of(sent)), sent, said, NO_DROP));
    }
    let bytes = bytes_of(&sent[..5]);
    for first in 1..bytes.len() {
        let incoming = Incoming::new(&bytes).pieces([first, bytes.len()]);
        let said = format!("The bytes arrived in two pieces, of {first} and {} bytes", bytes.len() - first);
        vt(read(incoming, &sent[..5], &said, NO_DROP));
    }
    for pieces in [vec![1], vec![7, 1], vec![64]] {
        let said = format!("The bytes arrived in pieces of {pieces:?} bytes");
        vt(read(Incoming::new(bytes_of(&sent)).pieces(pieces), &sent, &said, NO_DROP));
    }
}

/// Wherever `next` is dropped, the following calls return what was sent, and no byte is missing.
#[test]
fn no_byte_is_lost_wherever_next_is_dropped() {
    for pieces in [vec![1], vec![2, 1, 9]] {
        let sent = [some(3), some(0), vec![0, 0], some(5)];
        dropped_at_each_poll("`next`", POLLS, async |cut| {
            let incoming = Incoming::new(bytes_of(&sent)).pieces(pieces.clone()).pauses([HOUR]);
            let probe = incoming.probe();
            let mut reports = Reports::new(incoming);
            let mut found = Vec::new();
            let reading = async {
                while let Ok(Some(report)) = reports.next().await {
                    found.push(report);
                }
            };
            cut.off(Timeline::new().lane("next").watch(reading)).await;
            let said = format!(
                "`next` was {}, when {} had arrived and {} returned",
                cut.said(),
                counted(probe.taken(), "byte"),
                if found.len() == 1 {
                    "1 report was".to_owned()
                } else {
                    format!("{} reports were", found.len())
                }
            );
            read_on(&mut reports, found, &sent, &said, DROPPED).await;
        });
    }
}

/// The control room's clock may tick at every byte, and `next` is dropped each time.
#[test]
fn the_clock_may_tick_at_every_byte() {
    let sent = [some(4), some(0), some(7), vec![0; 5], some(2)];
    let bytes = bytes_of(&sent);
    // In front of each byte, and between two ticks.
    for (pause, tick) in [(10, 10), (10, 1), (7, 3), (3, 7), (30 * 24 * 3_600_000, 5 * 24 * 3_600_000)] {
        let (pause, tick) = (Duration::from_millis(pause), Duration::from_millis(tick));
        let said =
            format!("A byte came every {}, the clock ticked every {}", in_words(pause), in_words(tick));
        stage(&said);
        vt(async {
            let incoming = Incoming::new(&bytes).pieces([1]).pauses([pause]);
            beside_a_clock(Reports::new(incoming), tick, &sent, &said).await;
        });
        if pause < HOUR {
            vt(async {
                let (near, mut far) = duplex(1);
                tokio::spawn({
                    let bytes = bytes.clone();
                    async move {
                        for byte in bytes {
                            sleep(pause).await;
                            // Whoever has lost bytes may be gone before the end.
                            let _ = far.write_all(&[byte]).await;
                        }
                    }
                });
                beside_a_clock(Reports::new(near), tick, &sent, &said).await;
            });
        }
    }
}

/// A report is returned as soon as its last byte has arrived: `next` does not wait for more, and it waits for no less.
#[test]
fn a_report_is_returned_when_its_last_byte_has_arrived() {
    let sent = [some(6), some(0), some(20), some(1)];
    for needed in 1..=sent.len() {
        let said = format!("{} arrived, and the connection stays open", counted(needed, "report"));
        stage(&said);
        vt(async {
            let incoming = Incoming::new(bytes_of(&sent[..needed])).then(WireEnd::Silent);
            let mut reports = Reports::new(incoming);
            for (n, expected) in (1..).zip(&sent[..needed]) {
                let call = timed("`next`", POLLS, reports.next()).await;
                let found = call.unwrap_or_else(|text| {
                    panic!("{said}. Report {n} is complete, and `next` has to return it: {text}")
                });
                let found = found.output.map_err(|error| error.kind());
                assert!(
                    matches!(&found, Ok(Some(report)) if report == expected),
                    "{said}. Report {n} has {}, and `next` returned {}.",
                    counted(expected.len(), "byte"),
                    told(&found)
                );
            }
        });
    }
    for pause in [Duration::from_millis(pick(2..=9)), Duration::from_secs(pick(3_000_000..=9_000_000))] {
        let said = format!("Every 4 bytes come after a pause of {}", in_words(pause));
        let due = pause * u32::try_from(bytes_of(&sent).len().div_ceil(4) + 1).expect("it is small");
        let incoming = Incoming::new(bytes_of(&sent)).pieces([4]).pauses([pause]);
        let ((), took) = vt(read(incoming, &sent, &said, NO_DROP));
        assert!(
            took < due + Duration::from_millis(20),
            "{said}. All of them, and the end, were there after {}, and the last `next` returned after {}.",
            in_words(due),
            in_words(took)
        );
    }
}

/// The end of the connection is the end only after a complete report, also if a `next` was dropped before it.
#[test]
fn the_connection_ends() {
    let sent = [some(3), some(4)];
    let bytes = bytes_of(&sent);
    for there in [0, 1, 2, 4, 5, 6, 7, 9, 11] {
        // Dropped never, and at each place.
        let said = format!("The connection ended after {}", counted(there, "byte"));
        stage(&said);
        let complete = if there < 5 { 0 } else { 1 + usize::from(there == bytes.len()) };
        let whole = [0, 5, bytes.len()].contains(&there);
        vt(async {
            let mut reports = Reports::new(Incoming::new(&bytes[..there]).pieces([2]));
            check_end(&mut reports, 0, complete, whole, &said).await;
        });
        dropped_at_each_poll("`next`", POLLS, async |cut| {
            let incoming = Incoming::new(&bytes[..there]).pieces([1]).pauses([HOUR]);
            let mut reports = Reports::new(incoming);
            let mut found = 0;
            let over = cut
                .off(async {
                    while let Ok(Some(_)) = reports.next().await {
                        found += 1;
                    }
                })
                .await;
            if over.is_none() {
                let said = format!("{said}, and before that, `next` was {}", cut.said());
                check_end(&mut reports, found, complete, whole, &said).await;
            }
        });
    }
}

/// An error of the connection comes out of `next`.
#[test]
fn errors_are_passed_on() {
    let bytes = bytes_of(&[some(3), some(4)]);
    for there in 0..=bytes.len() {
        let kind = KINDS[there % KINDS.len()];
        let said = format!("The connection failed with {kind:?} after {}", counted(there, "byte"));
        stage(&said);
        vt(async {
            let incoming = Incoming::new(&bytes[..there]).pieces([4]).then(WireEnd::FailsOnce(kind));
            let mut reports = Reports::new(incoming);
            let complete = if there < 5 { 0 } else { 1 + usize::from(there == bytes.len()) };
            for _ in 0..complete {
                let _ = call(&mut reports, &said).await;
            }
            let found = call(&mut reports, &said).await;
            assert!(
                found == Err(kind),
                "{said}, and `next` returned {}. It should be the error: nobody knows what is missing.",
                told(&found)
            );
        });
    }
}

/// What has arrived on one connection is not for another one, and a `Reports` that is dropped closes its connection.
#[test]
fn two_connections_have_nothing_in_common() {
    let sent = [[some(4), some(9), some(2)], [some(7), some(1), some(8)]];
    vt(async {
        let mut both = [0, 1].map(|n| Reports::new(Incoming::new(bytes_of(&sent[n])).pieces([5])));
        for call_of in 0..3 {
            for n in 0..2 {
                let found = call(&mut both[n], "Two connections were read in turns").await;
                assert!(
                    found == Ok(Some(sent[n][call_of].clone())),
                    "Two connections were read in turns. Report {} of connection {} has {}, and `next` returned {}.",
                    call_of + 1,
                    n + 1,
                    counted(sent[n][call_of].len(), "byte"),
                    told(&found)
                );
            }
        }
    });
    stage("two connections, one of them slow");
    let report = some(5);
    let bytes = bytes_of(std::slice::from_ref(&report));
    let run = panic_of(|| {
        vt(async {
            let slow = Incoming::new(&bytes).pieces([1]).pauses([HOUR]);
            let quick = Incoming::new(&bytes).pauses([Duration::from_millis(5)]);
            let (mut slow, mut quick) = (Reports::new(slow), Reports::new(quick));
            side_by_side("`next`", POLLS, slow.next(), quick.next()).await
        })
        .0
    });
    let (slow, quick) = run.unwrap_or_else(|text| panic!("{text}"));
    for found in [slow, quick].map(|found| found.map_err(|error| error.kind())) {
        assert!(
            found == Ok(Some(report.clone())),
            "Two connections were read at the same time. Each had a report of 5 bytes, and `next` returned {}.",
            told(&found)
        );
    }

    stage("a `Reports` is dropped");
    vt(async {
        let incoming = Incoming::new(bytes).then(WireEnd::Silent);
        let probe: IncomingProbe = incoming.probe();
        let mut reports = Reports::new(incoming);
        let _ = call(&mut reports, "One report arrived").await;
        drop(reports);
        settle().await;
        assert!(
            probe.dropped(),
            "A `Reports` was dropped, and its connection is still open. Nothing is left behind."
        );
    });
}

/// `next` may be polled by one task and then by another, and it does not put the thread to sleep.
#[test]
fn another_task_may_go_on() {
    let report = some(9);
    let bytes = bytes_of(std::slice::from_ref(&report));
    stage("another task goes on with `next`");
    let run = panic_of(|| {
        vt(async {
            let incoming =
                Incoming::new(&bytes).pieces([1, 4]).pauses([Duration::from_millis(pick(20..=30))]);
            handed_on("`next`", POLLS, Reports::new(incoming).next()).await
        })
        .0
    });
    let found = run.unwrap_or_else(|text| panic!("{text}")).map_err(|error| error.kind());
    assert!(
        found == Ok(Some(report)),
        "A report of 9 bytes came, another task went on with `next`, and it returned {}.",
        told(&found)
    );

    let sent: Vec<_> = (0..300).map(|n| some(n % 5)).collect();
    let before = Effort::of_this_thread();
    vt(read(Incoming::new(bytes_of(&sent)).pieces([10]), &sent, "300 reports came in pieces", NO_DROP));
    let naps = before.and_then(|before| Some(Effort::of_this_thread()?.since(before).naps)).unwrap_or(0);
    assert!(
        naps < NAPS,
        "300 reports came without a pause, and the thread was put to sleep {naps} times. Async code waits with `.await`, and \
         leaves the thread to others."
    );
}

/// More than a case of these tests needs.
const POLLS: usize = 2_000;
const HOUR: Duration = Duration::from_secs(3600);
/// A thread that has nothing to wait for lies down now and then at most: for a page of memory, say.
const NAPS: u64 = 30;
const KINDS: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::BrokenPipe, ErrorKind::Other];

/// What follows from a report that is not what was sent.
const NO_DROP: &str = "A report is its length in two bytes, and that many bytes.";
const DROPPED: &str = "What a future has in its variables is dropped with it. Bytes that have been read, and not returned yet, \
                       belong to `Reports`.";

/// A report of so many bytes, which nobody knows.
fn some(length: usize) -> Vec<u8> {
    (0..length).map(|_| u8::try_from(pick(0..=255)).expect("it is a byte")).collect()
}

fn bytes_of(reports: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for report in reports {
        bytes.extend(u16::try_from(report.len()).expect("reports are short").to_be_bytes());
        bytes.extend(report);
    }
    bytes
}

type Found = Result<Option<Vec<u8>>, ErrorKind>;

async fn call<R>(reports: &mut Reports<R>, said: &str) -> Found
where
    R: tokio::io::AsyncRead + Unpin + Send + 'static,
{
    match timed("`next`", POLLS, reports.next()).await {
        Ok(call) => call.output.map_err(|error| error.kind()),
        Err(text) => panic!("{said}. {text}"),
    }
}

/// What a call returned, as a part of a sentence.
fn told(found: &Found) -> String {
    match found {
        Ok(Some(report)) => format!("a report of {}", counted(report.len(), "byte")),
        Ok(None) => "`None`".to_owned(),
        Err(kind) => format!("an error of the kind {kind:?}"),
    }
}

async fn read(incoming: Incoming, sent: &[Vec<u8>], said: &str, rule: &str) {
    read_on(&mut Reports::new(incoming), Vec::new(), sent, said, rule).await;
}

/// Reads to the end. With what was `found` before, these are the reports that were `sent`.
async fn read_on<R>(
    reports: &mut Reports<R>,
    mut found: Vec<Vec<u8>>,
    sent: &[Vec<u8>],
    said: &str,
    rule: &str,
) where
    R: tokio::io::AsyncRead + Unpin + Send + 'static,
{
    for (n, report) in found.iter().enumerate() {
        check(sent, n, Ok(Some(report.clone())), said, rule);
    }
    while found.len() < sent.len() {
        let next = call(reports, said).await;
        check(sent, found.len(), next.clone(), said, rule);
        found.extend(next.ok().flatten());
    }
    for _ in 0..2 {
        let next = call(reports, said).await;
        assert!(
            next == Ok(None),
            "{said}. All {} were returned, the connection has ended, and `next` returned {}, and not `None`. {rule}",
            counted(sent.len(), "report"),
            told(&next)
        );
    }
}

/// Checks what was returned for report `n`, counted from 0.
#[track_caller]
fn check(sent: &[Vec<u8>], n: usize, found: Found, said: &str, rule: &str) {
    if matches!((&found, sent.get(n)), (Ok(Some(found)), Some(sent)) if found == sent) {
        return;
    }
    let Some(report) = sent.get(n) else {
        panic!(
            "{said}. All {} were returned, and then {}. {rule}",
            counted(sent.len(), "report"),
            told(&found)
        );
    };
    let right_length = matches!(&found, Ok(Some(found)) if found.len() == report.len());
    let found = if right_length { "other bytes".to_owned() } else { told(&found) };
    panic!(
        "{said}. Report {} of {} has {}, and `next` returned {found}. {rule}",
        n + 1,
        sent.len(),
        counted(report.len(), "byte")
    );
}

/// Reads as the control room does: `next` is dropped at each tick of its clock.
async fn beside_a_clock<R>(mut reports: Reports<R>, tick: Duration, sent: &[Vec<u8>], said: &str)
where
    R: tokio::io::AsyncRead + Unpin + Send + 'static,
{
    let mut clock = interval(tick);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut found, mut ticks) = (0, 0);
    while found < sent.len() {
        tokio::select! {
            biased;
            _ = clock.tick() => ticks += 1,
            next = call(&mut reports, said) => {
                let said = format!("{said}, and `next` was dropped {ticks} times");
                check(sent, found, next, &said, DROPPED);
                found += 1;
            }
        }
        assert!(
            ticks < TICKS,
            "{said}. After {ticks} ticks, {found} of {} were returned. At each tick, `next` is dropped and called again, and goes \
             on where it was. {DROPPED}",
            counted(sent.len(), "report")
        );
    }
}

/// More than any case needs: one that is never done starts from the beginning each time.
const TICKS: usize = 4_000;

/// After `found` reports, reads the others, and then finds the end: `None` if it is after a complete report, else an error.
async fn check_end(reports: &mut Reports<Incoming>, found: usize, complete: usize, whole: bool, said: &str) {
    for n in found..complete {
        let next = call(reports, said).await;
        assert!(
            matches!(next, Ok(Some(_))),
            "{said}. {} had arrived, and for number {} `next` returned {}.",
            counted(complete, "report"),
            n + 1,
            told(&next)
        );
    }
    let next = call(reports, said).await;
    if whole {
        assert!(
            next == Ok(None),
            "{said}, where a report ends, and `next` returned {}. Nothing is missing: that is `None`.",
            told(&next)
        );
    } else {
        assert!(
            next == Err(ErrorKind::UnexpectedEof),
            "{said}, in the middle of a report, and `next` returned {}. That is an error of the kind UnexpectedEof.",
            told(&next)
        );
    }
}
