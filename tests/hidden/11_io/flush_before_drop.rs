//! Hidden tests of `flush_before_drop`: what is on its way when `send_batch` returns, which errors come out, and in how many writes a
//! batch leaves.

use std::io::{self, ErrorKind};
use std::time::Duration;

use exercise::send_batch;
use testkit::{
    Effort, Outgoing, OutgoingProbe, Timed, WireEnd, counted, handed_on, in_words, panic_of, pick,
    side_by_side, stage, timed, vt,
};
use tokio::io::{AsyncReadExt, duplex};

/// When `send_batch` returns `Ok`, the connection has accepted every line and was flushed after the last one.
#[test]
fn the_head_office_sees_every_sale() {
    let sales = sales(1);
    let two = [sale(), sale()];
    for (batch, pieces) in [
        (&sales[..], vec![64]),
        (&two, vec![]),
        (&two, vec![1]),
        (&[sale(), String::new(), sale()], vec![]),
        (&[String::new()], vec![]),
        (&[], vec![]),
        (&[two[0].clone(), two[0].clone()], vec![7, 1]),
        (&self::sales(600), vec![]),
        (&self::sales(600), vec![64, 5]),
        (&[sale(), "x".repeat(pick(20_000..=30_000) as usize), sale()], vec![]),
    ] {
        let mut till = Till::over(Outgoing::new().pieces(pieces));
        let call = till.send(batch);
        till.check(batch, call);
    }

    stage("the head office reads while the connection is open");
    for room in [1, 2, 7, 16, 64] {
        let batch = self::sales(9);
        let expected = lines(&batch);
        let (mut till, mut office) = duplex(room);
        let mut seen = vec![0; expected.len()];
        let both = async { tokio::join!(send_batch(&mut till, &batch), office.read_exact(&mut seen)) };
        let sent = vt(timed("`send_batch`", POLLS, both)).0;
        let (sent, _) = sent
            .unwrap_or_else(|_| {
                panic!(
                    "Over a connection with room for {}, {} of 9 sales were sent, and the head office waits for the rest, or \
                     `send_batch` does not return.",
                    counted(room, "byte"),
                    counted(expected.len(), "byte")
                )
            })
            .output;
        assert!(
            sent.is_ok() && seen == expected,
            "Over a connection with room for {}, `send_batch` returned {:?}, and the head office did not read the lines of the \
             9 sales.",
            counted(room, "byte"),
            sent.map_err(|error| error.kind())
        );
    }
}

/// The connection is not shut down: the next batch follows the one before it.
#[test]
fn the_connection_stays_open() {
    let batches = [sales(2), sales(1), Vec::new(), sales(3)];
    let mut till = Till::over(Outgoing::new().pieces([64]));
    for (n, batch) in (1..).zip(&batches) {
        let call = till.send(batch);
        assert!(
            till.probe.shutdowns() == 0,
            "After batch {n}, `send_batch` had shut the connection down. The till has more batches to send, and the head office reads EOF."
        );
        let sent = returned(call).0.map_err(|error| error.kind());
        let expected: Vec<u8> = batches[..n].iter().flat_map(|batch| lines(batch)).collect();
        let flushed = till.probe.flushed();
        assert!(
            sent == Ok(()) && flushed == expected,
            "After batch {n}, `send_batch` returned {sent:?}, and {} of {} bytes are on their way.",
            flushed.len(),
            expected.len()
        );
    }
}

/// Every error comes out of `send_batch`: of a write, of the last write, and of the flush.
#[test]
fn errors_are_passed_on() {
    let batch = sales(4);
    let length = lines(&batch).len();
    for kind in KINDS {
        let mut till = Till::over(Outgoing::new().fails_in_flush(kind));
        let call = till.send(&batch);
        till.check_error("The flush of the connection failed", length, call, kind);
    }

    for batch in [batch, full_after_a_sale(), full_before_its_end()] {
        let length = lines(&batch).len();
        for (there, kind) in [0, 1, length / 2, length - 1].into_iter().zip(KINDS) {
            for (end, kind, how) in [
                (WireEnd::Fails(kind), kind, "A write to the connection failed"),
                (WireEnd::FailsOnce(kind), kind, "A write to the connection failed once"),
                (WireEnd::Closed, ErrorKind::WriteZero, "The connection accepted no more bytes"),
            ] {
                let mut till = Till::over(Outgoing::new().pieces([length / 3 + 1]).until(there, end));
                let call = till.send(&batch);
                till.check_error(&format!("{how}, after {there} of {length} bytes"), there, call, kind);
            }
        }
    }
}

/// The connection may take a month for a write or for a flush, and `send_batch` waits for it.
#[test]
fn a_slow_connection_is_waited_for() {
    for pause in [pick(2..=9), pick(MONTH..=MONTH + DAY)].map(Duration::from_millis) {
        let batch = sales(5);
        let length = lines(&batch).len();

        stage(format!("a flush takes {}", in_words(pause)));
        let mut till = Till::over(Outgoing::new().flush_takes(pause));
        let call = till.send(&batch);
        let (sent, took) = returned(call);
        let sent = sent.map_err(|error| error.kind());
        let slow = format!("A flush of the connection takes {}", in_words(pause));
        check_patient(&slow, sent, took);
        assert!(
            till.probe.flushed().len() == length,
            "{slow}. `send_batch` returned `Ok` after {}, and the connection still owes {} of {length} bytes.",
            in_words(took),
            length - till.probe.flushed().len()
        );
        in_time(took, pause * u32::try_from(till.probe.flushes()).expect("a few"));

        for batch in [batch, full_after_a_sale(), full_before_its_end()] {
            let length = lines(&batch).len();
            let pieces = length.div_ceil(4);
            stage(format!("each write takes {}", in_words(pause)));
            let mut till = Till::over(Outgoing::new().pieces([pieces]).pauses([pause]));
            let call = till.send(&batch);
            let (sent, took) = returned(call);
            let slow = format!("The connection accepts {pieces} bytes at a time, after {}", in_words(pause));
            check_patient(&slow, sent.map_err(|error| error.kind()), took);
            assert!(
                till.probe.flushed() == lines(&batch),
                "{slow}. `send_batch` returned `Ok` after {}, and {} of {length} bytes were on their way.",
                in_words(took),
                till.probe.flushed().len()
            );
            in_time(took, pause * 4);
        }
    }
}

/// A batch of less than 8 KiB leaves in one write, if the connection accepts it.
#[test]
fn a_batch_goes_out_in_one_write() {
    for (count, length) in [(1, None), (2, None), (40, None), (40, Some(8 * 1024 - 1))] {
        let mut batch: Vec<String> = (0..count).map(|_| "x".repeat(pick(100..=190) as usize)).collect();
        if let Some(length) = length {
            // The longest batch of less than 8 KiB.
            batch[0] = "x".repeat(length - lines(&batch[1..]).len() - 1);
        }
        let length = lines(&batch).len();
        let mut till = Till::over(Outgoing::new());
        let call = till.send(&batch);
        let writes = till.probe.writes();
        let sent = format!("A batch of {} has {length} bytes", counted(count, "sale"));
        assert!(
            writes.len() < count || writes.len() <= 1,
            "{sent}, and left in {} writes, one or more for each sale. Each write costs a packet: collect what belongs together, and \
             write it once.",
            writes.len()
        );
        assert!(
            writes.len() <= 1,
            "{sent}, and left in {} writes, of {writes:?} bytes. It should leave in one write: it has less than 8 KiB.",
            writes.len()
        );
        till.check(&batch, call);
    }
}

/// `send_batch` does not put the thread to sleep: other connections need it.
#[test]
fn no_call_blocks_the_thread() {
    let batch = sales(3);
    let mut connection = Outgoing::new().pieces([20]);
    let before = Effort::of_this_thread();
    let call = async {
        for _ in 0..60 {
            send_batch(&mut connection, &batch).await?;
        }
        io::Result::Ok(())
    };
    let call = vt(timed("`send_batch`", POLLS, call)).0;
    let naps = before.and_then(|before| Some(Effort::of_this_thread()?.since(before).naps)).unwrap_or(0);
    assert!(
        naps < NAPS,
        "60 batches were sent without a pause of the connection, and the thread was put to sleep {naps} times. Async code waits with \
         `.await`, and leaves the thread to others."
    );
    let sent = returned(call).0.map_err(|error| error.kind());
    assert!(sent == Ok(()), "60 batches were sent, and one of the calls returned the error {sent:?}.");
}

/// `send_batch` may be polled by one task and then by another, and one connection does not wait for another.
#[test]
fn another_task_may_go_on() {
    let batch = sales(5);
    let pause = Duration::from_millis(pick(20..=30));
    let mut connection = Outgoing::new().pieces([30]).pauses([pause]).flush_takes(pause);
    let probe = connection.probe();
    stage("another task goes on with `send_batch`");
    let run = panic_of(|| vt(handed_on("`send_batch`", POLLS, send_batch(&mut connection, &batch))).0);
    let sent = run.unwrap_or_else(|text| panic!("{text}")).map_err(|error| error.kind());
    assert!(
        sent == Ok(()) && probe.flushed() == lines(&batch),
        "Another task went on with `send_batch`, which returned {sent:?}, and {} of {} bytes are on their way.",
        probe.flushed().len(),
        lines(&batch).len()
    );

    stage("two connections, one of them slow");
    let other = sales(3);
    let mut late = Outgoing::new().pauses([Duration::from_secs(3600)]);
    let mut early = Outgoing::new().pauses([pause]);
    let probes = [late.probe(), early.probe()];
    let run = panic_of(|| {
        vt(side_by_side("`send_batch`", POLLS, send_batch(&mut late, &batch), send_batch(&mut early, &other)))
            .0
    });
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    assert!(
        late.is_ok()
            && early.is_ok()
            && probes[0].flushed() == lines(&batch)
            && probes[1].flushed() == lines(&other),
        "Two batches were sent over two connections, at the same time, and did not arrive as they were sent."
    );
}

/// Many more than a batch needs that goes byte by byte.
const POLLS: usize = 20_000;
const KINDS: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::BrokenPipe, ErrorKind::Other];
/// A thread that has nothing to wait for lies down now and then at most: for a page of memory, say.
const NAPS: u64 = 30;
/// In milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// All the pauses of a test are less than the 700 days after which a call is taken to be stuck.
const MONTH: u64 = 30 * DAY;

/// A connection, and what can be seen of it.
struct Till {
    connection: Outgoing,
    probe: OutgoingProbe,
}

type Call = Result<Timed<io::Result<()>>, String>;

impl Till {
    fn over(connection: Outgoing) -> Self {
        let probe = connection.probe();
        Self { connection, probe }
    }

    fn send(&mut self, batch: &[String]) -> Call {
        stage(format!("a batch of {}", counted(batch.len(), "sale")));
        vt(timed("`send_batch`", POLLS, send_batch(&mut self.connection, batch))).0
    }

    /// The first batch of a connection is on its way.
    fn check(&self, batch: &[String], call: Call) {
        let (sent, took) = returned(call);
        in_time(took, Duration::ZERO);
        let (expected, written, flushed) = (lines(batch), self.probe.written(), self.probe.flushed());
        let what =
            format!("A batch of {} has {}", counted(batch.len(), "sale"), counted(expected.len(), "byte"));
        assert!(
            sent.is_ok(),
            "{what}. The connection did not fail, and `send_batch` returned the error {:?}.",
            sent.map_err(|error| error.kind())
        );
        if batch.iter().any(String::is_empty) && written.len() < expected.len() {
            let without: Vec<String> = batch.iter().filter(|sale| !sale.is_empty()).cloned().collect();
            assert!(
                written != lines(&without) || written.is_empty(),
                "A batch of {} has an empty one, and its line is missing. An empty text is a line, too.",
                counted(batch.len(), "sale")
            );
        }
        assert!(
            self.probe.polls() > 0 || expected.is_empty(),
            "{what}. `send_batch` returned `Ok`, and has not written anything to the connection. What is still in a buffer then, and is \
             dropped, does not arrive."
        );
        assert!(
            batch.is_empty() || [&written[..], b"\n"].concat() != expected,
            "{what}. `send_batch` wrote all but the last of them, the `\\n` of the last sale. There is a line for each sale, and without its \
             end it is not complete."
        );
        assert!(
            written.len() >= expected.len(),
            "{what}. `send_batch` returned `Ok`, and the connection has accepted {} of them. The others do not arrive.",
            written.len()
        );
        assert!(
            written == expected,
            "{what}. `send_batch` wrote {}, which are not the lines of the batch.",
            counted(written.len(), "byte")
        );
        assert!(
            flushed == expected,
            "{what}. `send_batch` returned `Ok`, and the connection has accepted all of them and has not been flushed after the last \
             one. It may keep {} until then.",
            counted(expected.len() - flushed.len(), "byte")
        );
    }

    /// The error of a connection that has accepted so many bytes.
    fn check_error(&self, failed: &str, accepted: usize, call: Call, kind: ErrorKind) {
        let again = self.probe.failed_flushes();
        assert!(
            again < 100,
            "{failed} with {kind:?}, and `send_batch` flushed again and again, {again} times. Every error is passed on, and the till sends the \
             batch again later."
        );
        let refused = self.probe.refused();
        let written = self.probe.written().len();
        assert!(
            refused <= 1 && written <= accepted,
            "{failed} with {kind:?}, and `send_batch` wrote again. After an error, the till sends the batch again later.",
        );
        match returned(call).0 {
            Ok(()) => panic!(
                "{failed} with {kind:?}, and `send_batch` returned `Ok`. The till does not know that it has to send the batch again."
            ),
            Err(error) => assert!(
                error.kind() == kind,
                "{failed} with {kind:?}, and `send_batch` returned an error of the kind {:?}. Pass the error on as it is.",
                error.kind()
            ),
        }
    }
}

fn check_patient(slow: &str, sent: Result<(), ErrorKind>, took: Duration) {
    if let Err(kind) = sent {
        panic!(
            "{slow}. `send_batch` returned the error {kind:?} after {}. It waits for the connection, however long that takes.",
            in_words(took)
        );
    }
}

/// Tokio's clock rounds each wait up to whole milliseconds.
fn in_time(took: Duration, due: Duration) {
    let grain = if due.is_zero() { Duration::ZERO } else { Duration::from_millis(20) };
    assert!(
        took <= due + grain,
        "`send_batch` could return after {}, and returned after {}. What is due happens at once.",
        in_words(due),
        in_words(took)
    );
}

/// What a call returned, and after which time.
fn returned<T>(call: Result<Timed<T>, String>) -> (T, Duration) {
    let call = call.unwrap_or_else(|text| panic!("{}", text.replace(TIMER, CONNECTION)));
    (call.output, call.took)
}

/// What a test says of naps, and what it should say where nobody waits for a timer.
const TIMER: &str = "A timer wakes a task once, at its deadline.";
const CONNECTION: &str = "A read or a write that cannot go on waits, and the connection wakes the task.";

fn sale() -> String {
    let goods = ["rice", "melons", "eggs", "flour", "a bag of salt", "Käse"];
    format!("{} x {}", pick(1..=500), goods[pick(0..=5) as usize])
}

fn sales(count: usize) -> Vec<String> {
    (0..count).map(|_| sale()).collect()
}

/// A batch of more than 8 KiB, which do not fit any more when the text of its second sale comes.
fn full_after_a_sale() -> Vec<String> {
    [8_000, 500, 20].map(|length| "x".repeat(length)).into()
}

/// One whose first 8 KiB end with the text of its second sale: only the `\n` does not fit.
fn full_before_its_end() -> Vec<String> {
    [8_000, 8 * 1024 - 8_001, 20].map(|length| "x".repeat(length)).into()
}

fn lines(batch: &[String]) -> Vec<u8> {
    batch.iter().flat_map(|sale| [sale.as_bytes(), b"\n"].concat()).collect()
}
