//! Hidden tests of `short_read`: readings that arrive and are accepted in any pieces, and what becomes of the bytes around them.

use std::io::{self, ErrorKind};
use std::time::Duration;

use exercise::{Reading, receive, send};
use testkit::{
    Effort, Incoming, IncomingProbe, Outgoing, OutgoingProbe, Timed, WireEnd, counted, handed_on, in_words,
    panic_of, pick, side_by_side, stage, timed, vt,
};
use tokio::io::duplex;

/// However a reading is cut into pieces, `receive` returns the whole reading.
#[test]
fn a_reading_that_comes_in_pieces_is_complete() {
    for reading in [some(), some(), Reading { meter: 0, watt_hours: 0 }] {
        let pieces = (1..SIZE).map(|first| vec![first, SIZE - first]);
        for pieces in pieces.chain([vec![1], vec![3, 5], vec![7, 1], vec![SIZE]]) {
            let came = came_in(&pieces);
            let incoming = Incoming::new(bytes_of(reading)).pieces(pieces);
            let (call, probe) = receive_from(incoming);
            let taken = probe.taken();
            not_after_the_end(&probe, &format!("A reading {came}"));
            match returned(call) {
                (Ok(found), took) if found == reading => in_time("`receive`", took, Duration::ZERO),
                (Ok(found), took) => {
                    assert!(
                        taken < SIZE,
                        "A reading {came}. `receive` took all 16 bytes and returned {}. The meter had sent {}: each piece belongs \
                         behind those that are there already.",
                        said(found),
                        said(reading)
                    );
                    assert!(
                        took.is_zero(),
                        "A reading {came}. `receive` waited for {}, and then it returned after {taken} of 16 bytes. One `read` \
                         returns what has arrived, and waiting does not put pieces together.",
                        in_words(took)
                    );
                    panic!(
                        "A reading {came}. `receive` returned {} after it had read {taken} of 16 bytes; the meter had sent {}. \
                         One `read` returns what has arrived, and that can be a part of a reading.",
                        said(found),
                        said(reading)
                    );
                }
                (Err(error), _) => panic!(
                    "A reading {came}. `receive` returned the error {:?} after it had read {taken} of 16 bytes. What is missing \
                     still arrives: the connection has not ended.",
                    error.kind()
                ),
            }
        }
    }
}

/// Several readings may arrive in one piece. Each call takes its own 16 bytes, and leaves the others alone.
#[test]
fn the_next_reading_stays_in_the_connection() {
    for pieces in [vec![3 * SIZE], vec![20, 7, 64], vec![15, 2], vec![33]] {
        let first = some();
        // Two of them are equal.
        let readings = [first, first, some()];
        stage(format!("three readings arrive in pieces of {pieces:?} bytes"));
        let all: Vec<u8> = readings.into_iter().flat_map(bytes_of).collect();
        let mut incoming = Incoming::new(all).pieces(pieces.clone()).then(WireEnd::Silent);
        let probe = incoming.probe();
        for (n, reading) in (1..).zip(readings) {
            let call = vt(timed("`receive`", POLLS, receive(&mut incoming))).0;
            let taken = probe.taken();
            assert!(
                taken <= n * SIZE,
                "Three readings arrived in pieces of {pieces:?} bytes. Call {n} of `receive` took {} bytes out of the connection. A \
                 reading has 16, and the other {} bytes are gone for the next call.",
                taken - (n - 1) * SIZE,
                taken - n * SIZE
            );
            let found = returned(call).0.map_err(|error| error.kind());
            assert!(
                found == Ok(reading),
                "Three readings arrived in pieces of {pieces:?} bytes, and call {n} of `receive` returned {found:?}. Reading {n} \
                 was {}.",
                said(reading)
            );
        }
    }
}

/// `send` returns when all 16 bytes have been accepted, in whatever pieces, and the connection stays open for the next reading.
#[test]
fn a_reading_is_sent_completely() {
    let pieces = (1..SIZE).map(|first| vec![first, SIZE - first]);
    for pieces in pieces.chain([vec![1], vec![3, 5], vec![64]]) {
        let readings = [some(), some(), Reading { meter: 0, watt_hours: u64::MAX }];
        let mut outgoing = Outgoing::new().pieces(pieces.clone());
        let probe = outgoing.probe();
        for (n, reading) in readings.into_iter().enumerate() {
            let call = vt(timed("`send`", POLLS, send(&mut outgoing, reading))).0;
            let written = probe.written();
            let written = &written[n * SIZE..];
            let (sent, took) = returned(call);
            let accepts =
                format!("The connection accepts at most {} in the first write", counted(pieces[0], "byte"));
            if let Err(error) = sent {
                panic!(
                    "{accepts}. `send` returned the error {:?}, and had written {} of 16 bytes. The rest can be written, too.",
                    error.kind(),
                    written.len()
                );
            }
            assert!(
                probe.polls() > 0,
                "`send` returned `Ok`, and has written nothing to the connection. What is still in a buffer when `send` returns does not \
                 arrive."
            );
            assert!(
                written.len() >= SIZE,
                "{accepts}. `send` returned `Ok`, and the connection had accepted {} of 16 bytes. One `write` writes what fits, \
                 and that can be a part of a reading.",
                written.len()
            );
            assert!(
                written == bytes_of(reading),
                "{accepts}. `send` wrote {written:?}, which are not the bytes of the reading, {:?}. After a write, only the bytes \
                 that it has not accepted are left to write.",
                bytes_of(reading)
            );
            in_time("`send`", took, Duration::ZERO);
            assert!(
                probe.shutdowns() == 0,
                "After reading {}, `send` shut the connection down. The meter has more readings to send.",
                n + 1
            );
        }
    }
}

/// Between two bytes, a month may pass: `receive` and `send` wait until the connection wakes them.
#[test]
fn it_waits_as_long_as_the_network_takes() {
    for (pause, piece) in [(pick(2..=9), 1), (pick(MONTH..=MONTH + DAY), 1), (pick(MONTH..=MONTH + DAY), 9)] {
        let pauses = [pause, pause / 2].map(Duration::from_millis);
        let due: Duration = pauses.into_iter().cycle().take(SIZE.div_ceil(piece)).sum();
        let reading = some();
        let slow = format!(
            "The reading comes in pieces of {}, after a pause of {} or less",
            counted(piece, "byte"),
            in_words(pauses[0])
        );
        stage(&slow);
        let incoming = Incoming::new(bytes_of(reading)).pieces([piece]).pauses(pauses).then(WireEnd::Silent);
        let (call, probe) = receive_from(incoming);
        let (found, took) = returned(call);
        let found = found.unwrap_or_else(|error| {
            panic!(
                "{slow}. `receive` returned the error {:?} after {} and {} of 16 bytes. It waits until the reading is complete, \
                 however long that takes.",
                error.kind(),
                in_words(took),
                probe.taken()
            )
        });
        assert!(
            found == reading,
            "{slow}. `receive` returned {} after it had read {} of 16 bytes; the meter had sent {}.",
            said(found),
            probe.taken(),
            said(reading)
        );
        in_time("`receive`", took, due);

        let slow = format!(
            "The connection accepts {} at a time, after a pause of {} or less",
            counted(piece, "byte"),
            in_words(pauses[0])
        );
        stage(&slow);
        let mut outgoing = Outgoing::new().pieces([piece]).pauses(pauses);
        let probe = outgoing.probe();
        let call = vt(timed("`send`", POLLS, send(&mut outgoing, reading))).0;
        let (sent, took) = returned(call);
        if let Err(error) = sent {
            panic!(
                "{slow}. `send` returned the error {:?} after {} and {} of 16 bytes. It waits until the reading is accepted, however \
                 long that takes.",
                error.kind(),
                in_words(took),
                probe.written().len()
            );
        }
        assert!(
            probe.written() == bytes_of(reading),
            "{slow}. `send` returned `Ok`, and the connection had accepted {} of 16 bytes.",
            probe.written().len()
        );
        in_time("`send`", took, due);
    }
}

/// A connection that ends before a reading is complete, or before its first byte, is an error: `UnexpectedEof`.
#[test]
fn a_reading_that_breaks_off_is_an_error() {
    for before in [0, 2] {
        for there in 0..SIZE {
            let readings = [some(), some(), some()];
            let all: Vec<u8> = readings.into_iter().flat_map(bytes_of).collect();
            let ended =
                format!("The connection ended after {there} of the 16 bytes of reading {}", before + 1);
            let mut incoming = Incoming::new(&all[..before * SIZE + there]).pieces([pick(1..=16) as usize]);
            let probe = incoming.probe();
            for reading in &readings[..before] {
                let found = returned(vt(timed("`receive`", POLLS, receive(&mut incoming))).0).0;
                let found = found.map_err(|error| error.kind());
                assert!(
                    found == Ok(*reading),
                    "`receive` returned {found:?}, and the meter had sent {}.",
                    said(*reading)
                );
            }
            let call = vt(timed("`receive`", POLLS, receive(&mut incoming))).0;
            not_after_the_end(&probe, &ended);
            match returned(call) {
                (Ok(found), _) => {
                    panic!("{ended}, and `receive` returned {}. Nobody has sent this reading.", said(found))
                }
                (Err(error), took) => {
                    assert!(
                        error.kind() == ErrorKind::UnexpectedEof,
                        "{ended}, and `receive` returned an error of the kind {:?}. An end of the connection within a reading is an \
                         error of the kind `UnexpectedEof`.",
                        error.kind()
                    );
                    in_time("`receive`", took, Duration::ZERO);
                }
            }
        }
    }
}

/// An error of the connection comes out of `receive` and `send` with its own kind; `WriteZero` says that it accepts no more bytes.
#[test]
fn errors_of_the_connection_are_passed_on() {
    for (there, kind) in (0..SIZE).flat_map(|there| KINDS.map(|kind| (there, kind))) {
        let failed = format!("The connection failed with {kind:?} after {there} of 16 bytes");
        let incoming = Incoming::new(&bytes_of(some())[..there]).pieces([5]).then(WireEnd::Fails(kind));
        let (call, probe) = receive_from(incoming);
        assert!(
            probe.ends() <= 2,
            "{failed}. `receive` got the error {} times, and went on reading. Pass it on.",
            probe.ends()
        );
        match returned(call).0 {
            Ok(found) => panic!("{failed}, and `receive` returned {}.", said(found)),
            Err(error) => assert!(
                error.kind() == kind,
                "{failed}, and `receive` returned an error of the kind {:?}: that is another kind. Pass the error on as it is.",
                error.kind()
            ),
        }

        for (end, kind) in [(WireEnd::Fails(kind), kind), (WireEnd::Closed, ErrorKind::WriteZero)] {
            let full = match end {
                WireEnd::Closed => {
                    format!("The connection accepted {there} of 16 bytes, and then no more (`Ok(0)`)")
                }
                _ => failed.clone(),
            };
            let mut outgoing = Outgoing::new().pieces([5]).until(there, end);
            let probe = outgoing.probe();
            let call = vt(timed("`send`", POLLS, send(&mut outgoing, some()))).0;
            refused_once(&probe, &full);
            match returned(call).0 {
                Ok(()) => panic!("{full}, and `send` returned `Ok`. The reading was not sent."),
                Err(error) => assert!(
                    error.kind() == kind,
                    "{full}, and `send` returned an error of the kind {:?}. It should be {kind:?}.",
                    error.kind()
                ),
            }
        }
    }
}

/// Readings from `send` arrive in `receive`, over connections with room for 1 to 64 bytes.
#[test]
fn what_one_sends_the_other_receives() {
    for room in 1..=64 {
        let first = some();
        let (low, high) =
            (Reading { meter: 1, watt_hours: 0 }, Reading { meter: u64::MAX, watt_hours: 1 << 40 });
        let readings = [first, low, first, high, some()];
        stage(format!("over a connection with room for {}", counted(room, "byte")));
        let (mut meter, mut office) = duplex(room);
        let both = async {
            let sending = async {
                for reading in readings {
                    send(&mut meter, reading).await?;
                }
                drop(meter);
                io::Result::Ok(())
            };
            let receiving = async {
                let mut received = Vec::new();
                let error = loop {
                    match receive(&mut office).await {
                        Ok(reading) if received.len() < 10 => received.push(reading),
                        Ok(_) => break None,
                        Err(error) => break Some(error.kind()),
                    }
                };
                (received, error)
            };
            tokio::join!(sending, receiving)
        };
        let (sent, (received, error)) = returned(vt(timed("`send` or `receive`", 2_000, both)).0).0;
        let over =
            format!("Over a connection with room for {}, the meter sent 5 readings", counted(room, "byte"));
        if let Err(error) = sent {
            panic!("{over}, and `send` returned the error {:?}.", error.kind());
        }
        for (n, reading) in (1..).zip(readings) {
            let found = received.get(n - 1).copied();
            assert!(
                found == Some(reading),
                "{over}. Reading {n} was {}, and call {n} of `receive` returned {}.",
                said(reading),
                found.map_or_else(|| format!("an error of the kind {error:?}"), said)
            );
        }
        assert!(
            received.len() == readings.len(),
            "{over}, and `receive` returned {} or more. Nobody has sent the others.",
            received.len()
        );
        assert!(
            error == Some(ErrorKind::UnexpectedEof),
            "{over} and went away. The next `receive` returned the error {error:?}, and not `UnexpectedEof`."
        );
    }
}

/// Neither `receive` nor `send` puts the thread to sleep: other connections need it.
#[test]
fn no_call_blocks_the_thread() {
    let readings = [(); 60].map(|()| some());
    let all: Vec<u8> = readings.into_iter().flat_map(bytes_of).collect();
    let (mut incoming, mut outgoing) = (Incoming::new(&all).pieces([5]), Outgoing::new().pieces([5]));
    let before = Effort::of_this_thread();
    let call = async {
        for reading in readings {
            send(&mut outgoing, reading).await?;
            receive(&mut incoming).await?;
        }
        io::Result::Ok(())
    };
    let call = vt(timed("`send` or `receive`", POLLS, call)).0;
    let naps = before.and_then(|before| Some(Effort::of_this_thread()?.since(before).naps)).unwrap_or(0);
    assert!(
        naps < NAPS,
        "60 readings were sent and received without a pause of the connection, and the thread was put to sleep {naps} times. Async code \
         waits with `.await`, and leaves the thread to others."
    );
    let done = returned(call).0.map_err(|error| error.kind());
    assert!(
        done == Ok(()),
        "60 readings were sent and received, and one of the calls returned the error {done:?}."
    );
}

/// A call may be polled by one task and then by another, and one connection does not wait for another.
#[test]
fn another_task_may_go_on() {
    let reading = some();
    let pauses = [Duration::from_millis(pick(20..=30))];
    let slow = || Incoming::new(bytes_of(reading)).pieces([6]).pauses(pauses);
    stage("another task goes on with a call");
    let run = panic_of(|| {
        vt(async {
            let received = handed_on("`receive`", POLLS, receive(&mut slow())).await;
            let mut outgoing = Outgoing::new().pieces([6]).pauses(pauses);
            handed_on("`send`", POLLS, send(&mut outgoing, reading))
                .await
                .map(|()| outgoing.probe().written())?;
            received
        })
        .0
    });
    let found = run.unwrap_or_else(|text| panic!("{text}")).map_err(|error| error.kind());
    assert!(
        found == Ok(reading),
        "Another task went on with `receive`, which returned {found:?}. The meter had sent {}.",
        said(reading)
    );

    stage("two connections, one of them slow");
    let other = some();
    let (mut late, mut early) = (
        Incoming::new(bytes_of(reading)).pauses([Duration::from_secs(3600)]),
        Incoming::new(bytes_of(other)).pauses([Duration::from_millis(5)]),
    );
    let run = panic_of(|| vt(side_by_side("`receive`", POLLS, receive(&mut late), receive(&mut early))).0);
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    assert!(
        late.is_ok_and(|late| late == reading) && early.is_ok_and(|early| early == other),
        "Two calls of `receive`, on two connections, returned other readings than those that were sent."
    );

    stage("two connections to send over, one of them slow");
    let mut late = Outgoing::new().pauses([Duration::from_secs(3600)]);
    let mut early = Outgoing::new().pauses([Duration::from_millis(5)]);
    let probes = [late.probe(), early.probe()];
    let run =
        panic_of(|| vt(side_by_side("`send`", POLLS, send(&mut late, reading), send(&mut early, other))).0);
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    assert!(
        late.is_ok()
            && early.is_ok()
            && probes[0].written() == bytes_of(reading)
            && probes[1].written() == bytes_of(other),
        "Two calls of `send`, on two connections, wrote other bytes than those of their readings."
    );
}

const SIZE: usize = 16;
const KINDS: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::BrokenPipe, ErrorKind::Other];
/// Many more than 16 bytes need.
const POLLS: usize = 100;
/// A thread that has nothing to wait for lies down now and then at most: for a page of memory, say.
const NAPS: u64 = 30;
/// In milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// All the pauses of a test are less than the 700 days after which a call is taken to be stuck.
const MONTH: u64 = 30 * DAY;

/// A reading whose last byte is not 0: one that lacks its end is told from it.
fn some() -> Reading {
    Reading { meter: pick(1_000..=99_999), watt_hours: pick(40..=40_000) * 256 + pick(1..=255) }
}

fn bytes_of(reading: Reading) -> Vec<u8> {
    [reading.meter, reading.watt_hours].into_iter().flat_map(u64::to_be_bytes).collect()
}

fn said(reading: Reading) -> String {
    format!("meter {} with {} Wh", reading.meter, reading.watt_hours)
}

fn came_in(pieces: &[usize]) -> String {
    match pieces {
        [all] if *all == SIZE => "came in one piece".to_owned(),
        [one] => format!("came in pieces of {one} byte{}", if *one == 1 { "" } else { "s" }),
        [first, second] if first + second == SIZE => {
            format!("came in two pieces, of {first} and {second} bytes")
        }
        _ => format!("came in pieces of {pieces:?} bytes"),
    }
}

type Receipt = Result<Timed<io::Result<Reading>>, String>;

fn receive_from(mut incoming: Incoming) -> (Receipt, IncomingProbe) {
    let probe = incoming.probe();
    (vt(timed("`receive`", POLLS, receive(&mut incoming))).0, probe)
}

/// What a call returned, and after which time.
fn returned<T>(call: Result<Timed<T>, String>) -> (T, Duration) {
    let call = call.unwrap_or_else(|text| panic!("{}", text.replace(TIMER, CONNECTION)));
    (call.output, call.took)
}

/// What a test says of naps, and what it should say where nobody waits for a timer.
const TIMER: &str = "A timer wakes a task once, at its deadline.";
const CONNECTION: &str = "A read or a write that cannot go on waits, and the connection wakes the task.";

fn not_after_the_end(probe: &IncomingProbe, said: &str) {
    assert!(
        probe.empty_buffers() <= 2,
        "{said}. `receive` called `read` {} times with a slice of length 0, after it had taken {} bytes. Such a read has no room for a \
         byte, and returns `Ok(0)` at once.",
        probe.empty_buffers(),
        probe.taken()
    );
    assert!(
        probe.ends() <= 2,
        "{said}. `receive` was told {} times that it had ended (`Ok(0)`), and went on reading. After the end, nothing comes.",
        probe.ends()
    );
}

fn refused_once(probe: &OutgoingProbe, said: &str) {
    assert!(
        probe.refused() <= 2,
        "{said}. `send` was told {} times that it accepts no more, and went on writing.",
        probe.refused()
    );
}

/// Tokio's clock rounds each wait up to whole milliseconds.
fn in_time(name: &str, took: Duration, due: Duration) {
    let grain = if due.is_zero() { Duration::ZERO } else { Duration::from_millis(20) };
    assert!(
        took <= due + grain,
        "{name} could return after {}, and returned after {}. What is due happens at once.",
        in_words(due),
        in_words(took)
    );
}
