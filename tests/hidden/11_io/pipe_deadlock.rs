//! Hidden tests of `pipe_deadlock`: documents of any size through pipes of any size, programs with habits of their own, errors.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use exercise::convert;
use testkit::{
    Call, Ended, Incoming, Outgoing, OutgoingProbe, Tap, TapProbe, Timeline, WireEnd, alone, check_eq,
    counted, handed_on, in_words, pick, settle, side_by_side, stage, vt,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter, DuplexStream, Join, duplex, join};
use tokio::runtime::Handle;
use tokio::time::{sleep, timeout};

/// A program that writes as it reads, and documents that are larger than both pipes together.
#[test]
fn a_document_is_larger_than_the_pipe() {
    for (room, length) in [(64, pick(1_000..=2_000)), (8192, pick(200_000..=300_000)), (1, pick(100..=200))] {
        Run::new(Habit::AsItComes, room, any(length)).check();
    }
}

/// A program that writes nothing before it has read the whole document.
#[test]
fn the_program_may_wait_for_the_end() {
    for (room, length) in
        [(64, pick(1_000..=2_000)), (1024, pick(1..=900)), (8192, pick(50_000..=60_000)), (7, 0)]
    {
        Run::new(Habit::AtTheEnd, room, any(length)).check();
    }
}

/// The result may be much larger than the document, or much smaller, or begin before the document does.
#[test]
fn the_result_has_any_size() {
    for habit in [Habit::TwentyTimes, Habit::BeginsFirst, Habit::Nothing] {
        for (room, length) in [(64, pick(200..=400)), (1024, pick(3_000..=5_000)), (16, 0), (16, 1)] {
            Run::new(habit, room, any(length)).check();
        }
    }
}

/// The program ends its direction first, and reads the rest of the document afterwards, slowly.
#[test]
fn the_program_may_end_first() {
    for (room, length) in [(64, pick(1_000..=2_000)), (8192, pick(20_000..=30_000))] {
        Run::new(Habit::EndsFirst, room, any(length)).check();
    }
}

/// The connection buffers what is written to it, and `shutdown` sends it.
#[test]
fn the_connection_may_buffer() {
    for buffer in [4096, 300] {
        Run { buffer, ..Run::new(Habit::AsItComes, 64, any(pick(1_000..=2_000))) }.check();
    }
}

/// An error in one direction is the result, whatever the other one waits for.
#[test]
fn an_error_ends_it_at_once() {
    let kinds =
        [ErrorKind::BrokenPipe, ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::PermissionDenied];
    for kind in kinds {
        for (takes, gives) in [(number(1..=40), number(0..=40)), (0, 0)] {
            // Both fail after a while. The other direction waits forever, or is over, or goes on without end.
            let wait = days(3..=9);
            let fails = WireEnd::Fails(kind);
            let write_fails = || Outgoing::new().pieces([1000]).pauses([wait]).until(takes, fails);
            let read_fails = || Incoming::new(any(gives as u64)).then(fails);
            let silent = Outgoing::new().until(takes, WireEnd::Silent);
            let quiet = Incoming::new(any(gives as u64)).then(WireEnd::Silent);
            let over = Incoming::new(any(gives as u64));
            let endless =
                Incoming::new(vec![7; 4000]).pieces([1]).pauses([days(1..=1)]).then(WireEnd::Silent);
            failing("A write failed", "no more bytes came", kind, wait, Line::new(quiet, write_fails()));
            failing(
                "A write failed",
                "the program had ended its own",
                kind,
                wait,
                Line::new(over, write_fails()),
            );
            failing("A write failed", "bytes kept coming", kind, wait, Line::new(endless, write_fails()));
            failing(
                "A read failed",
                "the program took no more bytes",
                kind,
                Duration::ZERO,
                Line::new(read_fails(), silent),
            );
            failing(
                "A read failed",
                "everything was written",
                kind,
                Duration::ZERO,
                Line::new(read_fails(), Outgoing::new()),
            );
        }
    }
}

/// Between two pieces, days pass: while it writes, while it reads, and both. It sleeps meanwhile, and takes no time of its own.
#[test]
fn waiting_costs_nothing() {
    let (slow, quick) = (days(20..=40), days(1..=3));
    let cases = [
        (slow, quick, Duration::ZERO),
        (quick, slow, Duration::ZERO),
        (slow, Duration::ZERO, Duration::ZERO),
        (Duration::from_millis(1), slow, Duration::ZERO),
        (quick, Duration::ZERO, slow),
    ];
    for (read, write, shutdown) in cases {
        let times = format!(
            "A piece of the result came every {}, room for a piece of the document every {}, and `shutdown` took {}",
            in_words(read),
            in_words(write),
            in_words(shutdown)
        );
        stage(&times);
        let result = any(12);
        let incoming = Incoming::new(&result).pieces([3]).pauses([read]);
        let outgoing = Outgoing::new().pieces([50]).pauses([write]).flush_takes(shutdown);
        // Four pieces and the end of the result, four of the document.
        let due = (read * 5).max(write * 4);
        let line = Line::new(incoming, outgoing);
        let (call, _) = vt(alone(MOST, convert(line.connection, any(200))));
        check_thread(&line.tap);
        match call.ended {
            Ended::Restless => panic!(
                "{times}. `convert` was polled {MOST} times within {}, with 9 things to wait for: it asks again and again. A `read` and a \
                 `write` that wait are woken when they can go on.",
                in_words(call.after)
            ),
            Ended::Stuck => panic!("{times}. `convert` never returned: nothing wakes it any more."),
            Ended::Panicked(text) => panic!("{times}. {}", panicked(&text)),
            Ended::Returned(Err(error)) => {
                panic!("{times}. No read and no write failed, and `convert` returned {error:?}.")
            }
            Ended::Returned(Ok(converted)) => check_eq!(
                converted,
                result,
                "{times}. `convert` returned after {} and had {} of 12 bytes of the result. It waits until the program ends its \
                 direction, as long as that takes.",
                in_words(call.after),
                converted.len()
            ),
        }
        let sent = line.outgoing.written().len();
        assert!(
            sent == 200,
            "{times}. `convert` returned when {sent} of 200 bytes of the document had been sent."
        );
        assert!(
            line.outgoing.shutdowns() > 0,
            "{times}. `convert` returned after {}, when `shutdown` was not ready. All of the document is sent, with its end.",
            in_words(call.after)
        );
        // One that flushes in between takes longer where that takes long.
        assert!(
            !shutdown.is_zero() || call.after < due + Duration::from_millis(40),
            "{times}. `convert` took {}, and {} were enough: it reads while it writes.",
            in_words(call.after),
            in_words(due)
        );
    }
    stage("`convert` is polled by one task, and then by another");
    let result = any(12);
    let line = Line::new(
        Incoming::new(&result).pieces([3]).pauses([slow]),
        Outgoing::new().pieces([50]).pauses([quick]),
    );
    let (converted, _) = vt(handed_on("`convert`", MOST, convert(line.connection, any(200))));
    assert!(
        converted.as_ref().is_ok_and(|converted| *converted == result),
        "`convert` returned {converted:?}."
    );
}

/// A `convert` that is dropped half-way, or that has returned, has closed the connection.
#[test]
fn nothing_is_left_behind() {
    for (what, takes) in [("it waited for room to write", 10), ("it waited for the result", 10_000)] {
        for wait in [Duration::ZERO, days(2..=9)] {
            stage(format!("`convert` is dropped while {what}"));
            let incoming = Incoming::new(any(20)).then(WireEnd::Silent);
            let line = Line::new(incoming, Outgoing::new().until(takes, WireEnd::Silent));
            let case = format!("`convert` was dropped after {}, while {what}", in_words(wait));
            let (call, closed, tasks) = vt(async {
                let call = alone(MOST, timeout(wait, convert(line.connection, any(200)))).await;
                settle().await;
                (call, line.tap.dropped(), alive())
            })
            .0;
            check_thread(&line.tap);
            match call.ended {
                Ended::Returned(Err(_)) => check_closed(closed, tasks, &case),
                Ended::Returned(Ok(returned)) => panic!(
                    "`convert` returned {} while {what}. It waits as long as it takes.",
                    returned.map_or_else(
                        |error| format!("{error:?}"),
                        |converted| format!("{} bytes", converted.len())
                    )
                ),
                Ended::Panicked(text) => panic!("{case}. {}", panicked(&text)),
                Ended::Restless | Ended::Stuck => panic!(
                    "`convert` was polled {MOST} times within {}, while {what}: it asks again and again.",
                    in_words(call.after)
                ),
            }
        }
    }
    stage("`convert` has returned");
    let line = Line::new(Incoming::new(any(20)), Outgoing::new());
    let (closed, tasks) = vt(async {
        let returned = convert(line.connection, any(200)).await;
        check_thread(&line.tap);
        assert!(returned.is_ok(), "No read and no write failed, and `convert` returned {returned:?}.");
        settle().await;
        (line.tap.dropped(), alive())
    })
    .0;
    check_closed(closed, tasks, "`convert` returned its result");
}

/// Two documents at the same time: neither waits for the other.
#[test]
fn calls_know_nothing_of_each_other() {
    let (slow, quick) = (any(12), any(9));
    let connection =
        |result: &[u8], wait| join(Incoming::new(result).pieces([3]).pauses([wait]), Outgoing::new());
    stage("two documents are converted at the same time");
    let first = convert(connection(&slow, days(100..=120)), any(100));
    let second = convert(connection(&quick, days(1..=2)), any(100));
    let both = side_by_side("`convert`", 60, first, second);
    let ((first, second), _) = vt(both);
    for (returned, result) in [(first, slow), (second, quick)] {
        assert!(
            returned.as_ref().is_ok_and(|converted| *converted == result),
            "Two documents were converted at the same time. The program wrote {result:?} for one of them, and `convert` returned {returned:?}."
        );
    }
}

/// More polls than a few pieces need.
const MOST: usize = 80;

/// What the program does with a document. Each byte of a result is one of the document with some bits turned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Habit {
    /// Converts a piece, and writes it before it reads the next one.
    AsItComes,
    /// Reads everything, and then writes everything.
    AtTheEnd,
    /// Writes twenty bytes for each one.
    TwentyTimes,
    /// Writes a thousand bytes before it reads anything, and then each piece as it comes.
    BeginsFirst,
    /// Reads everything and writes nothing.
    Nothing,
    /// Converts the first half, ends its direction, and reads the rest, with a day between two pieces.
    EndsFirst,
}

impl Habit {
    fn told(self) -> &'static str {
        match self {
            Self::AsItComes => "a program that writes each piece as it comes",
            Self::AtTheEnd => "a program that writes nothing before the end of the document",
            Self::TwentyTimes => "a program that writes 20 bytes for each one that it reads",
            Self::BeginsFirst => "a program that writes 1000 bytes before it reads the first one",
            Self::Nothing => "a program that writes nothing",
            Self::EndsFirst => "a program that writes a part of the result, ends its direction, and reads on",
        }
    }
}

/// What the program waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Waits {
    #[default]
    ToRead,
    ToWrite,
    /// It has come to its end.
    NoMore,
}

#[derive(Default)]
struct Program {
    read: Vec<u8>,
    wrote: Vec<u8>,
    waits: Waits,
}

/// One document, from its beginning to its end.
struct Run {
    habit: Habit,
    room: usize,
    /// How much the connection buffers before it is written to the pipe.
    buffer: usize,
    document: Vec<u8>,
    /// The bits that the program turns.
    bits: u8,
    program: Arc<Mutex<Program>>,
}

impl Run {
    fn new(habit: Habit, room: usize, document: Vec<u8>) -> Self {
        let bits = u8::try_from(pick(1..=255)).expect("it is a byte");
        Self { habit, room, buffer: 0, document, bits, program: Arc::default() }
    }

    fn check(self) {
        let length = self.document.len();
        stage(format!("a document of {length} bytes, and room for {} in each pipe", self.room));
        let timeline = Timeline::new();
        let (caller, program) = (timeline.lane("convert"), timeline.lane("program"));
        let (near, far) = duplex(self.room);
        let (near, tap) = Tap::new(BufWriter::with_capacity(self.buffer, near));
        // Each piece that is read or written may wake it.
        let most = 200 + 50 * (length + 1000) / self.room.min(PIECE);
        let ((call, waits), _) = vt(async {
            let running = tokio::spawn(program.watch(run(self.habit, far, self.bits, self.program.clone())));
            let call = alone(most, caller.watch(convert(near, self.document.clone()))).await;
            let waits = lock(&self.program).waits;
            if waits == Waits::NoMore || matches!(call.ended, Ended::Returned(Ok(_))) {
                // It ends when the connection is closed, if not before. An error is one of writing to a `convert` that has left.
                let _ = timeout(YEAR, running).await;
            }
            (call, waits)
        });
        check_thread(&tap);
        self.check_call(call, waits, &tap, most);
    }

    fn check_call(&self, call: Call<io::Result<Vec<u8>>>, waits: Waits, tap: &TapProbe, most: usize) {
        let program = lock(&self.program);
        let (length, read, wrote) = (self.document.len(), program.read.len(), program.wrote.len());
        let case = format!(
            "A document of {}, pipes with room for {}, and {}",
            counted(length, "byte"),
            counted(self.room, "byte"),
            self.habit.told()
        );
        let (sent, after) = (tap.written(), in_words(call.after));
        let so_far = format!(
            "{sent} of {length} bytes were sent. The program has read {read} of them and written {}, and `convert` has read {} of those.",
            counted(wrote, "byte"),
            tap.read()
        );
        assert!(
            sent <= length,
            "{case}: `convert` has sent {sent} bytes. What has been written once must not be written again."
        );
        let converted = match call.ended {
            Ended::Returned(Ok(converted)) => converted,
            Ended::Returned(Err(error)) => panic!(
                "{case}: `convert` returned an error after {after}, and no read and no write had failed: {error}. {so_far}"
            ),
            Ended::Panicked(text) => panic!("{case}: {}", panicked(&text)),
            Ended::Restless => panic!(
                "{case}: `convert` was polled {most} times within {after}, and was not done. It asks again and again. A `read` and a \
                 `write` that wait are woken when they can go on."
            ),
            Ended::Stuck => {
                let cause = match waits {
                    Waits::ToWrite if sent == length && tap.shut_down().is_none() => {
                        "Now the program waits for room to write, and `convert` does not read. The connection has buffered a part of the \
                         document, and `shutdown` sends it: `convert` has to read meanwhile, too."
                    }
                    Waits::ToWrite => {
                        "Now the program waits for room to write, and `convert` does not read. While it writes, it has to read as well."
                    }
                    Waits::ToRead if sent < length => {
                        "Now the program waits for more of the document, and `convert` does not write. While it waits for the result, \
                         it has to go on writing."
                    }
                    Waits::ToRead if tap.shut_down().is_none() => {
                        "Now the program waits for the end of the document, and `convert` waits for the end of the result. Call `shutdown` \
                         when the document is written, without waiting for the result."
                    }
                    _ => "Nothing wakes `convert` any more.",
                };
                panic!("{case}: `convert` never returned. {so_far} {cause}")
            }
        };
        assert!(
            program.read[..] == self.document[..read],
            "{case}: the program has read {read} bytes, and they are not those of the document, in their order."
        );
        assert!(
            tap.ended().is_some() && converted.len() >= wrote,
            "{case}: `convert` returned {}, and {}. {so_far} `convert` reads until the program has ended its direction, and returns all of it.",
            counted(converted.len(), "byte"),
            if tap.ended().is_some() {
                "the program wrote more"
            } else {
                "the program had not ended its direction"
            }
        );
        assert!(
            read == length,
            "{case}: `convert` returned after {after}, when {sent} of {length} bytes had been sent. All of the document is sent, \
             however long that takes."
        );
        assert!(
            converted == self.result(),
            "{case}: `convert` returned {}, and they are not those that the program wrote, in their order.",
            counted(converted.len(), "byte")
        );
    }

    fn result(&self) -> Vec<u8> {
        let turned = turned(&self.document, self.bits);
        match self.habit {
            Habit::AsItComes | Habit::AtTheEnd => turned,
            Habit::TwentyTimes => turned.into_iter().flat_map(|byte| [byte; 20]).collect(),
            Habit::BeginsFirst => [vec![self.bits; 1000], turned].concat(),
            Habit::Nothing => Vec::new(),
            Habit::EndsFirst => turned[..turned.len().min(PIECE / 4)].to_vec(),
        }
    }
}

/// How much the program reads at once.
const PIECE: usize = 256;

async fn run(habit: Habit, mut pipe: DuplexStream, bits: u8, seen: Arc<Mutex<Program>>) -> io::Result<()> {
    if habit == Habit::BeginsFirst {
        write(&mut pipe, &[bits; 1000], &seen).await?;
    }
    if habit == Habit::EndsFirst {
        let mut left = PIECE / 4;
        while left > 0 {
            let piece = read(&mut pipe, left, &seen).await?;
            if piece.is_empty() {
                break;
            }
            left -= piece.len();
            write(&mut pipe, &turned(&piece, bits), &seen).await?;
        }
        pipe.shutdown().await?;
    }
    loop {
        if habit == Habit::EndsFirst {
            sleep(DAY).await;
        }
        let piece = read(&mut pipe, PIECE, &seen).await?;
        if piece.is_empty() {
            break;
        }
        match habit {
            Habit::AsItComes | Habit::BeginsFirst => write(&mut pipe, &turned(&piece, bits), &seen).await?,
            Habit::TwentyTimes => {
                let twenty: Vec<u8> = turned(&piece, bits).into_iter().flat_map(|byte| [byte; 20]).collect();
                write(&mut pipe, &twenty, &seen).await?;
            }
            Habit::AtTheEnd | Habit::Nothing | Habit::EndsFirst => {}
        }
    }
    if habit == Habit::AtTheEnd {
        let all = turned(&lock(&seen).read, bits);
        write(&mut pipe, &all, &seen).await?;
    }
    lock(&seen).waits = Waits::NoMore;
    Ok(())
}

/// Reads what there is, up to so many bytes; nothing at the end.
async fn read(pipe: &mut DuplexStream, room: usize, seen: &Mutex<Program>) -> io::Result<Vec<u8>> {
    lock(seen).waits = Waits::ToRead;
    let mut piece = vec![0; room];
    let length = pipe.read(&mut piece).await?;
    piece.truncate(length);
    lock(seen).read.extend(&piece);
    Ok(piece)
}

async fn write(pipe: &mut DuplexStream, mut bytes: &[u8], seen: &Mutex<Program>) -> io::Result<()> {
    while !bytes.is_empty() {
        lock(seen).waits = Waits::ToWrite;
        let length = pipe.write(bytes).await?;
        lock(seen).wrote.extend(&bytes[..length]);
        bytes = &bytes[length..];
    }
    Ok(())
}

fn turned(bytes: &[u8], bits: u8) -> Vec<u8> {
    bytes.iter().map(|byte| byte ^ bits).collect()
}

fn lock(program: &Mutex<Program>) -> MutexGuard<'_, Program> {
    program.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A scripted connection, and what is seen of it.
struct Line {
    connection: Tap<Join<Incoming, Outgoing>>,
    tap: TapProbe,
    outgoing: OutgoingProbe,
}

impl Line {
    fn new(incoming: Incoming, outgoing: Outgoing) -> Self {
        let taken = outgoing.probe();
        let (connection, tap) = Tap::new(join(incoming, outgoing));
        Self { connection, tap, outgoing: taken }
    }
}

/// A conversion in which one direction fails.
fn failing(what: &str, other: &str, kind: ErrorKind, at: Duration, line: Line) {
    stage(format!("{what}, and in the other direction {other}"));
    let (call, closed, tasks) = vt(async {
        let call = alone(300, convert(line.connection, any(100))).await;
        settle().await;
        (call, line.tap.dropped(), alive())
    })
    .0;
    check_thread(&line.tap);
    let case = format!("{what} with {kind:?}, and in the other direction {other}");
    match call.ended {
        Ended::Returned(Err(error)) => check_eq!(
            error.kind(),
            kind,
            "{case}. `convert` returned another error, {:?}. The first error is its result.",
            error.kind()
        ),
        Ended::Returned(Ok(converted)) => panic!(
            "{case}. `convert` returned `Ok` with {}. An error is its result, or a part of the document or of the result is missing \
             and nobody knows.",
            counted(converted.len(), "byte")
        ),
        Ended::Stuck => panic!(
            "{case}. `convert` never returned. The first error ends it at once: there is nothing left to wait for in the other direction."
        ),
        Ended::Restless => panic!("{case}. `convert` was polled 300 times and was not done."),
        Ended::Panicked(text) => panic!("{case}. {}", panicked(&text)),
    }
    assert!(
        call.after < at + Duration::from_millis(20),
        "{case}. `convert` returned {} later. The first error ends it at once.",
        in_words(call.after.saturating_sub(at))
    );
    check_closed(closed, tasks, &format!("{case}. `convert` returned the error"));
}

#[track_caller]
fn check_closed(closed: bool, tasks: usize, what: &str) {
    assert!(
        closed,
        "{what}, and the connection is still open. {}",
        match tasks {
            0 => "When `convert` returns or is dropped, the connection is closed.".to_owned(),
            _ => format!(
                "{} that it has spawned go{} on: dropping a `JoinHandle` does not abort a task.",
                counted(tasks, "task"),
                if tasks == 1 { "es" } else { "" }
            ),
        }
    );
}

#[track_caller]
fn check_thread(tap: &TapProbe) {
    assert!(
        !tap.elsewhere(),
        "`convert` used the connection on another thread than the one that polls it. A read and a write can wait at the same time on \
         one thread: start no threads."
    );
}

fn panicked(text: &str) -> String {
    if text.contains("from within a runtime") || text.contains("can call blocking only") {
        return format!(
            "`convert` blocks the thread of its runtime. Async code waits with `.await`. ({text})"
        );
    }
    format!("`convert` panicked: {text}")
}

fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

fn any(length: u64) -> Vec<u8> {
    // One draw for eight bytes.
    let mut bytes: Vec<u8> = (0..=length / 8).flat_map(|_| pick(0..=u64::MAX).to_le_bytes()).collect();
    bytes.truncate(usize::try_from(length).expect("it was picked small enough"));
    bytes
}

fn number(range: std::ops::RangeInclusive<u64>) -> usize {
    usize::try_from(pick(range)).expect("it was picked small enough")
}

fn days(range: std::ops::RangeInclusive<u64>) -> Duration {
    DAY * u32::try_from(pick(range)).expect("it was picked small enough")
}

const DAY: Duration = Duration::from_secs(24 * 3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
