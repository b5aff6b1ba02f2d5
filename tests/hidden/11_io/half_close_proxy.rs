//! Hidden tests of `half_close_proxy`: which side ends first, what is under way then, errors, and waits.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use exercise::relay;
use testkit::{
    Call, Ended, Incoming, Outgoing, OutgoingProbe, Tap, TapProbe, Timeline, WireEnd, alone, check_eq,
    counted, handed_on, in_words, pick, settle, side_by_side, stage, vt,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter, DuplexStream, Join, duplex, join};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

/// The client ends its direction and reads. The server reads the whole question, and then writes a long answer.
#[test]
fn the_answer_comes_after_the_question_has_ended() {
    for room in [64, 1024, 1] {
        let (question, answer) = (any(pick(1..=200)), any(if room == 1 { 300 } else { 10_240 }));
        let client = vec![Act::Send(question.clone()), Act::End, Act::ReadToEnd];
        let server = vec![Act::ReadToEnd, Act::Send(answer.clone()), Act::End];
        Run::new(room, room, client, server).check();
    }
}

/// Either side ends first, and the other one goes on for as long as it likes.
#[test]
fn either_side_may_end_first() {
    for wait in [Duration::ZERO, Duration::from_secs(pick(2..=9)), days(40..=50)] {
        let (first, second) = (any(pick(1..=300)), any(pick(3_000..=5_000)));
        let ends = vec![Act::Send(first), Act::End, Act::ReadToEnd];
        let stays = vec![
            Act::ReadToEnd,
            Act::Wait(wait),
            Act::Send(second),
            Act::Wait(wait),
            Act::Send(any(9)),
            Act::End,
        ];
        Run::new(256, 256, ends.clone(), stays.clone()).check();
        Run::new(256, 256, stays, ends).check();
    }
}

/// One direction ends while the other one has bytes under way, which nobody takes for an hour.
#[test]
fn no_byte_is_lost_at_an_end() {
    for room in [64, 1000] {
        let hour = Duration::from_secs(3600);
        let slow = vec![Act::Wait(hour), Act::Send(any(9)), Act::End, Act::Wait(hour), Act::ReadToEnd];
        let quick = vec![Act::Send(any(30_000)), Act::ReadToEnd, Act::End];
        Run::new(room, room, slow.clone(), quick.clone()).check();
        Run::new(room, room, quick, slow).check();
    }
}

/// A dialog: each side waits for a line of the other one before it sends its own.
#[test]
fn bytes_are_passed_on_as_they_come() {
    for room in [4, 512] {
        let (mut client, mut server) = (Vec::new(), Vec::new());
        for _ in 0..pick(3..=5) {
            let (line, reply) = (any(pick(1..=40)), any(pick(1..=40)));
            client.extend([Act::Send(line.clone()), Act::Read(reply.len())]);
            server.extend([Act::Read(line.len()), Act::Wait(days(1..=2)), Act::Send(reply)]);
        }
        client.extend([Act::End, Act::ReadToEnd]);
        server.extend([Act::ReadToEnd, Act::End]);
        Run::new(room, room, client.clone(), server.clone()).check();
        Run { buffer: 4096, ..Run::new(room, room, client, server) }.check();
    }
    stage("both sides send more than all pipes have room for, and read meanwhile");
    for (at_client, at_server) in [(8192, 64), (64, 8192), (64, 64)] {
        // More than all four pipes and the buffers of `relay` have room for.
        let flood = any(at_client as u64 + at_server as u64 + 10_000);
        let client = vec![Act::Exchange(flood), Act::End, Act::ReadToEnd];
        // Sends back what it reads, and does not read on before that is written.
        let server = vec![Act::Echo, Act::End];
        Run::new(at_client, at_server, client.clone(), server.clone()).check();
        Run::new(at_client, at_server, server, client).check();
    }
}

/// The numbers of bytes, first those of the client: none, a few, many.
#[test]
fn the_bytes_are_counted() {
    for (asked, answered) in
        [(0, 0), (pick(1..=90), 0), (0, pick(1..=90)), (pick(20_000..=30_000), pick(100..=900))]
    {
        let client = vec![Act::Exchange(any(asked)), Act::End, Act::ReadToEnd];
        let server = vec![Act::Exchange(any(answered)), Act::End, Act::ReadToEnd];
        Run::new(512, 512, client, server).check();
    }
}

/// An error on either side is the result, whatever the other direction waits for.
#[test]
fn an_error_ends_it_at_once() {
    for kind in
        [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe, ErrorKind::TimedOut, ErrorKind::PermissionDenied]
    {
        let (fails, wait) = (WireEnd::Fails(kind), days(3..=9));
        // Nothing is sent to this one, so only a `shutdown` takes its time.
        let idle =
            || Line::new(Incoming::new([]).then(WireEnd::Silent), Outgoing::new().flush_takes(days(30..=40)));
        let open = || Line::new(Incoming::new([]).then(WireEnd::Silent), Outgoing::new());
        let sends = || Line::new(Incoming::new(any(90)).then(WireEnd::Silent), Outgoing::new());
        let over = || Line::new(Incoming::new(any(20)), Outgoing::new());
        for length in [0, pick(1..=40)] {
            let read_fails = || {
                Line::new(
                    Incoming::new(any(length)).pieces([1000]).pauses([wait]).then(fails),
                    Outgoing::new(),
                )
            };
            let takes = usize::try_from(length).expect("it was picked small enough");
            let write_fails = || {
                let outgoing = Outgoing::new().pieces([1000]).pauses([wait]).until(takes, fails);
                Line::new(Incoming::new([]).then(WireEnd::Silent), outgoing)
            };
            let other = || if length == 0 { idle() } else { open() };
            failing(
                &format!("Reading from the client failed with {kind:?}"),
                kind,
                wait,
                read_fails(),
                other(),
            );
            failing(
                &format!("Reading from the server failed with {kind:?}"),
                kind,
                wait,
                other(),
                read_fails(),
            );
            failing(
                &format!("Writing to the server failed with {kind:?}"),
                kind,
                wait,
                sends(),
                write_fails(),
            );
            failing(
                &format!("Writing to the client failed with {kind:?}"),
                kind,
                wait,
                write_fails(),
                sends(),
            );
            let ended = "after the other side had ended its direction";
            failing(
                &format!("Reading from the server failed with {kind:?} {ended}"),
                kind,
                wait,
                over(),
                read_fails(),
            );
            failing(
                &format!("Reading from the client failed with {kind:?} {ended}"),
                kind,
                wait,
                read_fails(),
                over(),
            );
        }
    }
    // The text says nothing of an error of `shutdown`, and so it may be the result or not.
    stage("`shutdown` fails");
    let failing = Outgoing::new().fails_in_shutdown(ErrorKind::NotConnected);
    let (client, server) =
        (Line::new(Incoming::new(any(9)), Outgoing::new()), Line::new(Incoming::new(any(9)), failing));
    let (call, _) = vt(alone(MOST, relay(client.connection, server.connection)));
    if let Ended::Panicked(text) = call.ended {
        panic!(
            "The server had left before it was told of the end, and `shutdown` failed. {}",
            panicked(&text)
        );
    }
}

/// Days pass between two pieces. Meanwhile `relay` sleeps, and it adds no time of its own.
#[test]
fn waiting_costs_nothing() {
    let (slow, quick) = (days(20..=40), days(1..=3));
    let (none, moment) = (Duration::ZERO, Duration::from_millis(1));
    let side = |wait, shutdown| {
        Line::new(Incoming::new(any(12)).pieces([3]).pauses([wait]), Outgoing::new().flush_takes(shutdown))
    };
    // How long a piece takes, and how long a `shutdown`.
    let cases = [
        [(slow, none), (quick, none)],
        [(quick, none), (slow, none)],
        [(moment, none), (slow, none)],
        [(none, none), (slow, slow)],
        [(slow, slow), (none, none)],
    ];
    for [client, server] in cases {
        stage("days pass between two pieces");
        let case = format!(
            "A piece of the client came every {}, and one of the server every {}",
            in_words(client.0),
            in_words(server.0)
        );
        let (due, takes_long) = (client.0.max(server.0) * 5, client.1 + server.1 > none);
        let (client, server) = (side(client.0, client.1), side(server.0, server.1));
        let seen = [client.seen(), server.seen()];
        let (call, _) = vt(alone(MOST, relay(client.connection, server.connection)));
        seen.iter().for_each(|seen| check_thread(&seen.tap));
        match call.ended {
            Ended::Restless => panic!(
                "{case}. `relay` was polled {MOST} times within {}, with 10 things to wait for: it asks again and again. A `read` that \
                 waits is woken when there are bytes.",
                in_words(call.after)
            ),
            Ended::Stuck => panic!("{case}. `relay` never returned: nothing wakes it any more."),
            Ended::Panicked(text) => panic!("{case}. {}", panicked(&text)),
            Ended::Returned(returned) => assert!(
                returned.as_ref().is_ok_and(|bytes| *bytes == (12, 12)),
                "{case}. Each side sent 12 bytes and ended its direction, the last one after {}. `relay` returned {returned:?} after {}. \
                 A direction goes on until it ends, as long as that takes.",
                in_words(due),
                in_words(call.after)
            ),
        }
        // One that flushes in between takes longer where that takes long.
        assert!(
            takes_long || call.after < due + Duration::from_millis(40),
            "{case}. Both directions had ended after {}, and `relay` returned after {}.",
            in_words(due),
            in_words(call.after)
        );
        for (seen, side) in seen.into_iter().zip(["client", "server"]) {
            let written = seen.outgoing.written().len();
            check_eq!(written, 12, "{case}. The {side} got {written} of 12 bytes.");
            assert!(
                seen.outgoing.shutdowns() > 0,
                "{case}. `relay` returned after {}, when the `shutdown` that tells the {side} of the end was not ready.",
                in_words(call.after)
            );
        }
    }
    stage("`relay` is polled by one task, and then by another");
    let (client, server) = (side(slow, none), side(quick, none));
    let (returned, _) = vt(handed_on("`relay`", MOST, relay(client.connection, server.connection)));
    assert!(
        returned.as_ref().is_ok_and(|bytes| *bytes == (12, 12)),
        "Each side sent 12 bytes, and `relay` returned {returned:?}."
    );
}

/// A `relay` that is dropped half-way, or that has returned, has closed both connections.
#[test]
fn nothing_is_left_behind() {
    let silent = || Line::new(Incoming::new(any(50)).then(WireEnd::Silent), Outgoing::new());
    let full = || {
        Line::new(Incoming::new(any(50)).then(WireEnd::Silent), Outgoing::new().until(10, WireEnd::Silent))
    };
    let over = || Line::new(Incoming::new(any(50)), Outgoing::new());
    let cases = [
        ("both sides were silent", silent(), silent()),
        ("it waited for room to write to both sides", full(), full()),
        ("the client had ended its direction", over(), silent()),
        ("the server had ended its direction", silent(), over()),
    ];
    for (number, (what, client, server)) in cases.into_iter().enumerate() {
        stage(format!("`relay` is dropped while {what}"));
        let wait = if number % 2 == 0 { days(2..=9) } else { Duration::ZERO };
        let seen = [client.seen(), server.seen()];
        let (call, closed, tasks) = vt(async {
            let call = alone(MOST, timeout(wait, relay(client.connection, server.connection))).await;
            settle().await;
            (call, seen.each_ref().map(|seen| seen.tap.dropped()), alive())
        })
        .0;
        seen.iter().for_each(|seen| check_thread(&seen.tap));
        let case = format!("`relay` was dropped after {}, when {what}", in_words(wait));
        match call.ended {
            Ended::Returned(Err(_)) => check_closed(closed, tasks, &case),
            Ended::Returned(Ok(returned)) => {
                panic!(
                    "`relay` returned {returned:?}, when {what}. It goes on until both directions have ended."
                )
            }
            Ended::Panicked(text) => panic!("{case}. {}", panicked(&text)),
            Ended::Restless | Ended::Stuck => panic!(
                "`relay` was polled {MOST} times within {}, when {what}: it asks again and again.",
                in_words(call.after)
            ),
        }
    }
    stage("`relay` has returned");
    let (client, server) = (over(), over());
    let seen = [client.seen(), server.seen()];
    let (closed, tasks) = vt(async {
        let returned = relay(client.connection, server.connection).await;
        assert!(returned.is_ok(), "No read and no write failed, and `relay` returned {returned:?}.");
        settle().await;
        (seen.each_ref().map(|seen| seen.tap.dropped()), alive())
    })
    .0;
    check_closed(closed, tasks, "Both directions had ended, and `relay` returned");
}

/// Two clients at the same time: neither waits for the other.
#[test]
fn calls_know_nothing_of_each_other() {
    let side = |wait, length| {
        Line::new(Incoming::new(any(length)).pieces([3]).pauses([wait]), Outgoing::new()).connection
    };
    stage("two clients have a connection at the same time");
    let (slow, quick) = (days(100..=120), days(1..=2));
    let (first, second) = (pick(4..=6), pick(7..=9));
    let both = side_by_side(
        "`relay`",
        80,
        relay(side(slow, first), side(quick, second)),
        relay(side(quick, second), side(quick, first)),
    );
    for (returned, bytes) in <[_; 2]>::from(vt(both).0).into_iter().zip([(first, second), (second, first)]) {
        assert!(
            returned.as_ref().is_ok_and(|returned| *returned == bytes),
            "Two clients had a connection at the same time. On one of them {} and {} bytes were sent, and `relay` returned {returned:?}.",
            bytes.0,
            bytes.1
        );
    }
}

/// More polls than 10 waits need.
const MOST: usize = 80;

/// What a side does, one thing after the other.
#[derive(Clone, Debug)]
enum Act {
    Send(Vec<u8>),
    /// Reads so many bytes.
    Read(usize),
    ReadToEnd,
    /// Sends these bytes and reads at the same time, until they are sent.
    Exchange(Vec<u8>),
    /// Sends back what it reads, until the end.
    Echo,
    Wait(Duration),
    /// Ends its direction.
    End,
}

/// What was seen of one side.
#[derive(Default)]
struct Side {
    sent: Vec<u8>,
    got: Vec<u8>,
    /// When it ended its direction, and when it read the end of the other one.
    ended: Option<Duration>,
    read_end: Option<Duration>,
    failed: Option<io::Error>,
    /// What it waits for.
    waits: &'static str,
    done: bool,
}

/// One connection through `relay`, from its beginning to its end.
struct Run {
    rooms: [usize; 2],
    /// How much the connections buffer until they are flushed.
    buffer: usize,
    acts: [Vec<Act>; 2],
    sides: [Arc<Mutex<Side>>; 2],
}

const NAMES: [&str; 2] = ["client", "server"];

impl Run {
    fn new(at_client: usize, at_server: usize, client: Vec<Act>, server: Vec<Act>) -> Self {
        Self { rooms: [at_client, at_server], buffer: 0, acts: [client, server], sides: Default::default() }
    }

    fn check(self) {
        let timeline = Timeline::new();
        let lanes = ["client", "relay", "server"].map(|name| timeline.lane(name));
        let (client, at_client) = duplex(self.rooms[0]);
        let (server, at_server) = duplex(self.rooms[1]);
        let (at_client, client_tap) = Tap::new(BufWriter::with_capacity(self.buffer, at_client));
        let (at_server, server_tap) = Tap::new(BufWriter::with_capacity(self.buffer, at_server));
        let taps = [client_tap, server_tap];
        let [first, second] = self.acts.clone();
        let (call, _) = vt(async {
            let client = lanes[0].watch(act(client, first, self.sides[0].clone()));
            let server = lanes[2].watch(act(server, second, self.sides[1].clone()));
            let sides = [tokio::spawn(client), tokio::spawn(server)];
            let call = alone(POLLS, lanes[1].watch(relay(at_client, at_server))).await;
            if matches!(call.ended, Ended::Returned(_)) {
                // Both connections are closed, and so both sides come to their end.
                for side in sides {
                    let _ = timeout(YEAR, side).await;
                }
            }
            call
        });
        taps.iter().for_each(check_thread);
        self.check_call(call, &taps);
    }

    fn check_call(&self, call: Call<io::Result<(u64, u64)>>, taps: &[TapProbe; 2]) {
        let sides = [lock(&self.sides[0]), lock(&self.sides[1])];
        let returned = match call.ended {
            Ended::Returned(returned) => Some(returned),
            Ended::Stuck => None,
            Ended::Panicked(text) => panic!("{} {}", panicked(&text), self.story(&sides)),
            Ended::Restless => panic!(
                "`relay` was polled {POLLS} times within {}, and was not done: it asks again and again. A `read` that waits is woken when \
                 there are bytes. {}",
                in_words(call.after),
                self.story(&sides)
            ),
        };
        for (from, to) in [(0, 1), (1, 0)] {
            let (sent, got) = (&sides[from], &sides[to]);
            let (name, other) = (NAMES[from], NAMES[to]);
            let lost = taps[from].read().saturating_sub(taps[to].written());
            if let Some(Ok(bytes)) = &returned
                && lost > 0
            {
                panic!(
                    "{} that `relay` read from the {name} {} never written to the {other}, and it returned {bytes:?}. Nothing that was \
                     read may get lost: a `copy` that is dropped takes along what it has not yet written, and a `write` may take only \
                     a part. {}",
                    counted(lost, "byte"),
                    if lost == 1 { "was" } else { "were" },
                    self.story(&sides)
                );
            }
            if let Some(place) = sent.sent.iter().zip(&got.got).position(|(sent, got)| sent != got) {
                panic!(
                    "The {name} sent {}, and the {other} got other bytes, from byte {place} on. Bytes are passed on unchanged, once, and \
                     in their order.",
                    counted(sent.sent.len(), "byte")
                );
            }
        }
        let Some(returned) = returned else { self.stuck(&sides, taps) };
        for (from, to) in [(0, 1), (1, 0)] {
            let (sent, got) = (&sides[from], &sides[to]);
            let (name, other) = (NAMES[from], NAMES[to]);
            if got.got.len() < sent.sent.len() || sent.failed.is_some() {
                self.cut_off(from, &sides, call.after, &returned);
            }
            check_eq!(
                got.got.len(),
                sent.sent.len(),
                "The {name} sent {}, and the {other} got {}.",
                counted(sent.sent.len(), "byte"),
                got.got.len()
            );
        }
        for (from, to) in [(0, 1), (1, 0)] {
            let (Some(ended), Some(told)) = (taps[from].ended(), taps[to].shut_down()) else { continue };
            // When the last byte was passed on, if that was later.
            let due = ended.max(taps[to].last_written().unwrap_or_default());
            assert!(
                told <= due + Duration::from_millis(40),
                "The {} ended its direction, and `shutdown` told the {} {} later. An end is passed on at once.",
                NAMES[from],
                NAMES[to],
                in_words(told - due)
            );
        }
        match returned {
            Err(error) => panic!(
                "`relay` returned an error, and no read and no write had failed: {error}. {}",
                self.story(&sides)
            ),
            Ok(bytes) => {
                let due = (sides[0].sent.len() as u64, sides[1].sent.len() as u64);
                let rule = if bytes == (due.1, due.0) {
                    "The bytes of the client come first."
                } else {
                    "Each number counts a whole direction, from its first byte to its last."
                };
                check_eq!(
                    bytes,
                    due,
                    "The client sent {} and the server {}, and `relay` returned {bytes:?}. {rule}",
                    counted(sides[0].sent.len(), "byte"),
                    counted(sides[1].sent.len(), "byte")
                );
            }
        }
    }

    /// `relay` never returned.
    fn stuck(&self, sides: &[MutexGuard<'_, Side>; 2], taps: &[TapProbe; 2]) -> ! {
        let story = self.story(sides);
        for (from, to) in [(0, 1), (1, 0)] {
            let (name, other) = (NAMES[from], NAMES[to]);
            let passed_on = sides[to].got.len() == sides[from].sent.len();
            let waits = sides[to].waits == "for bytes";
            if sides[from].ended.is_some() && passed_on && waits && taps[to].shut_down().is_none() {
                panic!(
                    "The {name} sent {} and ended its direction. The {other} got all of these bytes and was never told of the end: it \
                     still waits for more. `copy` passes on bytes; the end is passed on with `shutdown`, when this direction has ended, \
                     whatever the other one does. {story}",
                    counted(sides[from].sent.len(), "byte")
                );
            }
        }
        for (from, to) in [(0, 1), (1, 0)] {
            let (name, other) = (NAMES[from], NAMES[to]);
            let (sent, got) = (sides[from].sent.len(), sides[to].got.len());
            if got < sent && sides[to].waits == "for bytes" && taps[to].written() == sent {
                panic!(
                    "The {name} sent {}, the {other} waits for them and got {got}. `relay` has written all of them, and the connection has \
                     buffered them: `flush` sends what is buffered. {story}",
                    counted(sent, "byte")
                );
            }
            if got < sent && sides[to].waits == "for bytes" {
                panic!(
                    "The {name} sent {}, the {other} waits for them and got {got}. Bytes are passed on as they come, whatever the other \
                     direction does. {story}",
                    counted(sent, "byte")
                );
            }
        }
        panic!(
            "`relay` never returned, and nothing moves any more. Both directions have to make progress at the same time: one that waits \
             for room to write must not keep the other one from reading. {story}"
        );
    }

    /// `relay` returned, and not all of what this side sent had come to the other one.
    fn cut_off(
        &self,
        from: usize,
        sides: &[MutexGuard<'_, Side>; 2],
        after: Duration,
        returned: &io::Result<(u64, u64)>,
    ) -> ! {
        let to = 1 - from;
        let (name, other) = (NAMES[from], NAMES[to]);
        let (sent, got) = (counted(sides[from].sent.len(), "byte"), counted(sides[to].got.len(), "byte"));
        let had = match &sides[from].failed {
            Some(error) => {
                format!("The {other} got {got}, and then the {name} could not send any more: {error}.")
            }
            None => format!("The {name} sent {sent}, and the {other} got {got}."),
        };
        let after = in_words(after);
        if sides[to].ended.is_some() && sides[from].ended.is_none() {
            panic!(
                "{had} The {other} had ended its own direction, and `relay` returned {returned:?} after {after} and closed both \
                 connections. The end of one direction is not the end of the other one, which goes on until its own end."
            );
        }
        panic!("{had} `relay` returned {returned:?} after {after}. A direction goes on until its end.");
    }

    /// How far both sides have come.
    fn story(&self, sides: &[MutexGuard<'_, Side>; 2]) -> String {
        let told = |side: usize| {
            let seen = &sides[side];
            let end = if seen.ended.is_some() { " and ended its direction" } else { "" };
            let read_end = if seen.read_end.is_some() { " and the end" } else { "" };
            let now = if seen.done { String::new() } else { format!(", and now it waits {}", seen.waits) };
            format!(
                "The {} sent {}{end}, got {}{read_end}{now}.",
                NAMES[side],
                counted(seen.sent.len(), "byte"),
                seen.got.len()
            )
        };
        format!("{} {}", told(0), told(1))
    }
}

/// More polls than the longest of these connections needs.
const POLLS: usize = 20_000;

async fn act(mut connection: DuplexStream, acts: Vec<Act>, side: Arc<Mutex<Side>>) {
    let start = Instant::now();
    let done = async {
        for act in acts {
            match act {
                Act::Send(bytes) => send(&mut connection, &bytes, &side).await?,
                Act::Read(length) => {
                    let due = lock(&side).got.len() + length;
                    while lock(&side).got.len() < due {
                        let left = due - lock(&side).got.len();
                        if read(&mut connection, left, &side).await?.is_empty() {
                            return Ok(());
                        }
                    }
                }
                Act::ReadToEnd => {
                    while !read(&mut connection, 4096, &side).await?.is_empty() {}
                    lock(&side).read_end = Some(start.elapsed());
                }
                Act::Echo => loop {
                    let piece = read(&mut connection, 4096, &side).await?;
                    if piece.is_empty() {
                        lock(&side).read_end = Some(start.elapsed());
                        break;
                    }
                    send(&mut connection, &piece, &side).await?;
                },
                Act::Exchange(bytes) => exchange(&mut connection, &bytes, &side).await?,
                Act::Wait(time) => {
                    lock(&side).waits = "for its time";
                    sleep(time).await;
                }
                Act::End => {
                    connection.shutdown().await?;
                    lock(&side).ended = Some(start.elapsed());
                }
            }
        }
        io::Result::Ok(())
    };
    let done = done.await;
    let mut side = lock(&side);
    side.failed = done.err();
    side.done = true;
}

/// Reads what there is, up to so many bytes; nothing at the end.
async fn read(
    connection: &mut (impl AsyncReadExt + Unpin),
    room: usize,
    side: &Mutex<Side>,
) -> io::Result<Vec<u8>> {
    lock(side).waits = "for bytes";
    let mut piece = vec![0; room];
    let length = connection.read(&mut piece).await?;
    piece.truncate(length);
    lock(side).got.extend(&piece);
    Ok(piece)
}

async fn send(
    connection: &mut (impl AsyncWriteExt + Unpin),
    mut bytes: &[u8],
    side: &Mutex<Side>,
) -> io::Result<()> {
    while !bytes.is_empty() {
        lock(side).waits = "for room to write";
        let length = connection.write(bytes).await?;
        lock(side).sent.extend(&bytes[..length]);
        bytes = &bytes[length..];
    }
    Ok(())
}

/// Sends all bytes, and reads meanwhile. What was read is kept, also when the last byte is sent.
async fn exchange(connection: &mut DuplexStream, bytes: &[u8], side: &Mutex<Side>) -> io::Result<()> {
    let (mut reader, mut writer) = tokio::io::split(connection);
    let sending = send(&mut writer, bytes, side);
    let reading = async {
        // A read takes nothing when it is dropped.
        while !read(&mut reader, 4096, side).await?.is_empty() {}
        std::future::pending::<io::Result<()>>().await
    };
    tokio::select! {
        biased;
        sent = sending => sent,
        read = reading => read,
    }
}

/// A scripted connection, and what is seen of it.
struct Line {
    connection: Tap<Join<Incoming, Outgoing>>,
    seen: Seen,
}

#[derive(Clone)]
struct Seen {
    tap: TapProbe,
    outgoing: OutgoingProbe,
}

impl Line {
    fn new(incoming: Incoming, outgoing: Outgoing) -> Self {
        let taken = outgoing.probe();
        let (connection, tap) = Tap::new(join(incoming, outgoing));
        Self { connection, seen: Seen { tap, outgoing: taken } }
    }

    fn seen(&self) -> Seen {
        self.seen.clone()
    }
}

/// A connection on which something fails.
fn failing(what: &str, kind: ErrorKind, at: Duration, client: Line, server: Line) {
    stage(what);
    let seen = [client.seen(), server.seen()];
    let (call, closed, tasks) = vt(async {
        let call = alone(300, relay(client.connection, server.connection)).await;
        settle().await;
        (call, seen.each_ref().map(|seen| seen.tap.dropped()), alive())
    })
    .0;
    seen.iter().for_each(|seen| check_thread(&seen.tap));
    match call.ended {
        Ended::Returned(Err(error)) => check_eq!(
            error.kind(),
            kind,
            "{what}. `relay` returned another error, {:?}. The first error is its result.",
            error.kind()
        ),
        Ended::Returned(Ok(bytes)) => panic!(
            "{what}. `relay` returned `Ok({bytes:?})`. The first error is its result: an error is not an end."
        ),
        Ended::Stuck => panic!(
            "{what}. `relay` never returned: it waits for the other direction. The first error ends both at once."
        ),
        Ended::Restless => panic!("{what}. `relay` was polled 300 times and was not done."),
        Ended::Panicked(text) => panic!("{what}. {}", panicked(&text)),
    }
    assert!(
        call.after < at + Duration::from_millis(20),
        "{what}. `relay` returned {} later. The first error ends it at once.",
        in_words(call.after.saturating_sub(at))
    );
    check_closed(closed, tasks, &format!("{what}. `relay` returned the error"));
}

#[track_caller]
fn check_thread(tap: &TapProbe) {
    assert!(
        !tap.elsewhere(),
        "`relay` used a connection on another thread than the one that polls it. Both directions can wait at the same time on one thread: \
         start no threads."
    );
}

#[track_caller]
fn check_closed(closed: [bool; 2], tasks: usize, what: &str) {
    let open = match closed {
        [true, true] => return,
        [false, false] => "both connections are still open",
        [false, true] => "the connection to the client is still open",
        [true, false] => "the connection to the server is still open",
    };
    match tasks {
        0 => panic!("{what}, and {open}. When `relay` returns or is dropped, both are closed."),
        1 => panic!(
            "{what}, and {open}. 1 task that it has spawned goes on: dropping a `JoinHandle` does not abort a task."
        ),
        _ => panic!(
            "{what}, and {open}. {tasks} tasks that it has spawned go on: dropping a `JoinHandle` does not abort a task."
        ),
    }
}

fn panicked(text: &str) -> String {
    if text.contains("from within a runtime") || text.contains("can call blocking only") {
        return format!("`relay` blocks the thread of its runtime. Async code waits with `.await`. ({text})");
    }
    format!("`relay` panicked: {text}")
}

fn lock(side: &Mutex<Side>) -> MutexGuard<'_, Side> {
    side.lock().unwrap_or_else(PoisonError::into_inner)
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

fn days(range: std::ops::RangeInclusive<u64>) -> Duration {
    DAY * u32::try_from(pick(range)).expect("it was picked small enough")
}

const DAY: Duration = Duration::from_secs(24 * 3600);
const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);
