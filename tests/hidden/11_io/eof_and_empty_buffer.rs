//! Hidden tests of `eof_and_empty_buffer`: which bytes are in the archive, how the end and errors are told apart, and how much is
//! in memory.

use std::io::{self, ErrorKind};
use std::time::Duration;

use exercise::back_up;
use testkit::{
    Effort, Incoming, IncomingProbe, Outgoing, OutgoingProbe, Timed, WireEnd, counted, handed_on, in_words,
    panic_of, pick, side_by_side, stage, timed, vt,
};
use tokio::io::duplex;

/// Every byte of the recording is in the archive, and `back_up` returns how many there were.
#[test]
fn every_byte_is_in_the_archive() {
    let long = ROOM as u64;
    for (length, pieces) in [
        (pick(300..=900), vec![64, 1, 7]),
        (pick(3 * long..=4 * long), vec![]),
        (long, vec![]),
        (pick(20_000..=30_000), vec![1_000, 1_024, 8_192]),
        (1, vec![1]),
        (2, vec![1]),
    ] {
        let recording = recording(length);
        let mut backup = Backup::of(Incoming::new(&recording).pieces(pieces), Outgoing::new());
        let call = backup.run();
        let (_, took) = backup.check_complete(&recording, call);
        assert!(
            took.is_zero(),
            "Neither camera nor archive made a pause, and `back_up` took {}. What is due happens at once.",
            in_words(took)
        );
    }

    stage("the recording is nothing but zeros");
    let zeros = vec![0; pick(1_000..=2_000) as usize];
    let mut backup = Backup::of(Incoming::new(&zeros).pieces([64]), Outgoing::new());
    let call = backup.run();
    backup.check_complete(&zeros, call);

    stage("the recording is empty");
    let mut backup = Backup::of(Incoming::new([]), Outgoing::new());
    let call = backup.run();
    backup.check_reads();
    let copied = returned(call).0.map_err(|error| error.kind());
    assert!(
        copied == Ok(0) && backup.archive.written().is_empty(),
        "An empty recording was backed up: `back_up` returned {copied:?} and wrote {}. It has 0 bytes, and that is no error.",
        counted(backup.archive.written().len(), "byte")
    );
}

/// `back_up` waits as long as the camera takes, and returns as soon as the recording ends.
#[test]
fn it_returns_when_the_recording_ends() {
    for pause in [pick(2..=9), pick(MONTH..=MONTH + DAY)].map(Duration::from_millis) {
        let recording = recording(pick(250..=350));
        // Five pieces, and then the end.
        let pieces = recording.len().div_ceil(5);
        let camera = Incoming::new(&recording).pieces([pieces]).pauses([pause]);
        stage(format!("the camera pauses for {}", in_words(pause)));
        let mut backup = Backup::of(camera, Outgoing::new());
        let call = backup.run();
        let (_, took) = backup.check_complete(&recording, call);
        assert!(
            took <= pause * 6 + GRAIN,
            "The recording ended after {}, and `back_up` returned after {}. It returns as soon as the recording ends.",
            in_words(pause * 6),
            in_words(took)
        );
    }
}

/// An archive may accept a part of a piece, and may take its time.
#[test]
fn a_slow_archive_gets_everything() {
    for pieces in [vec![1], vec![64, 1, 3], vec![50]] {
        let recording = recording(pick(300..=400));
        // One long pause for each hundred pieces: all of them together are less than the clock of a test can count.
        let mut pauses = [Duration::ZERO; 100];
        pauses[1] = Duration::from_millis(pick(MONTH..=MONTH + DAY));
        let archive = Outgoing::new().pieces(pieces).pauses(pauses);
        let mut backup = Backup::of(Incoming::new(&recording).pieces([120]), archive);
        stage("the archive is slow");
        let call = backup.run();
        let accepted = backup.archive.written();
        if let Ok(Timed { output: Ok(_), .. }) = &call
            && accepted.len() < recording.len()
        {
            panic!(
                "The archive accepts a few bytes at a time. `back_up` returned `Ok`, and the archive has accepted {} of {} bytes. One \
                 `write` accepts what fits, and the rest of a piece has to be written, too.",
                accepted.len(),
                recording.len()
            );
        }
        backup.check_complete(&recording, call);
    }

    for room in [1, 2, 7, 16, 64] {
        stage(format!("over connections with room for {}", counted(room, "byte")));
        let recording = recording(500);
        let (mut camera, mut from) = duplex(room);
        let (mut to, mut archive) = duplex(room);
        let mut archived = Vec::new();
        let all = async {
            tokio::join!(
                async {
                    let recorded = tokio::io::AsyncWriteExt::write_all(&mut camera, &recording).await;
                    drop(camera);
                    recorded
                },
                async {
                    let copied = back_up(&mut from, &mut to).await;
                    drop(to);
                    copied
                },
                tokio::io::AsyncReadExt::read_to_end(&mut archive, &mut archived)
            )
        };
        let (_, copied, _) = returned(vt(timed("`back_up`", 5_000, all)).0).0;
        let copied = copied.map_err(|error| error.kind());
        assert!(
            copied == Ok(500) && archived == recording,
            "Over connections with room for {}, `back_up` returned {copied:?} for a recording of 500 bytes, and {} of its bytes are in the \
             archive.",
            counted(room, "byte"),
            same(&archived, &recording)
        );
    }
}

/// An error of the camera or of the archive ends the backup, and `back_up` returns it.
#[test]
fn an_error_is_not_the_end() {
    for (there, kind) in [0, 1, 100, 200].into_iter().flat_map(|there| KINDS.map(|kind| (there, kind))) {
        let recording = recording(200);
        let failed = format!("The camera failed with {kind:?} after {}", counted(there, "byte"));
        let camera = Incoming::new(&recording[..there]).pieces([64]).then(WireEnd::Fails(kind));
        let mut backup = Backup::of(camera, Outgoing::new());
        let call = backup.run();
        backup.check_reads();
        check_error(&failed, call, kind);

        for (end, kind, how) in [
            (WireEnd::Fails(kind), kind, format!("failed with {kind:?}")),
            (WireEnd::Closed, ErrorKind::WriteZero, "accepted no more (`Ok(0)` from `write`)".to_owned()),
        ] {
            let failed = format!("The archive {how} after {}", counted(there, "byte"));
            let archive = Outgoing::new().pieces([64]).until(there, end);
            let camera = Incoming::new([&recording[..], &[7]].concat()).pieces([64]);
            let mut backup = Backup::of(camera, archive);
            let call = backup.run();
            backup.check_reads();
            let refused = backup.archive.refused();
            assert!(
                refused <= 1 || matches!(call, Ok(Timed { output: Ok(_), .. })),
                "{failed}, and `back_up` wrote again, {refused} times. An error ends the backup.",
            );
            check_error(&failed, call, kind);
        }
    }

    // An error that looks as if one could try again. It comes once: who tries again finds that all is well. (`Interrupted` is left out:
    // after that, `write_all` tries again by itself.)
    let kind = ErrorKind::WouldBlock;
    let recording = recording(200);
    let there = pick(1..=150) as usize;
    let end = WireEnd::FailsOnce(kind);
    let camera = Incoming::new(&recording[..there]).pieces([64]).then(end);
    let archive = Outgoing::new().pieces([64]).until(there, end);
    for (who, mut backup) in [
        ("camera", Backup::of(camera, Outgoing::new())),
        ("archive", Backup::of(Incoming::new(&recording).pieces([64]), archive)),
    ] {
        let failed = format!("The {who} failed once, with {kind:?}, after {}", counted(there, "byte"));
        let call = backup.run();
        backup.check_reads();
        if let Ok(Timed { output: Ok(copied), .. }) = call {
            panic!(
                "{failed}. `back_up` went on, and returned Ok({copied}). Every error ends the backup and is passed on, whatever its kind."
            );
        }
        check_error(&failed, call, kind);
    }
}

/// At no time are there more than `ROOM` bytes that were read and that the archive has not accepted.
#[test]
fn a_large_recording_does_not_fill_the_memory() {
    let recording = recording(2_000_000);
    for accepts in [0, 1, pick(100_000..=200_000) as usize] {
        stage(format!("the archive accepts nothing any more after {accepts} bytes"));
        let archive = Outgoing::new().until(accepts, WireEnd::Silent);
        let mut backup = Backup::of(Incoming::new(&recording), archive);
        let call = backup.run();
        backup.check_reads();
        let (read, written) = (backup.camera.taken(), backup.archive.written().len());
        assert!(
            read - written <= ROOM,
            "The archive had accepted {written} bytes, and then it was busy. `back_up` had read {read}, so there were {} bytes in memory; \
             there is room for {ROOM}. The recording can be larger than the memory.",
            read - written
        );
        assert!(
            call.is_err(),
            "The archive had accepted {written} of {} bytes, and was busy. `back_up` returned without waiting for it.",
            recording.len()
        );
    }
}

/// The archive is not shut down: other recordings follow.
#[test]
fn the_archive_stays_open() {
    let recordings = [recording(300), recording(0), recording(200)];
    let mut archive = Outgoing::new().pieces([64]);
    let probe = archive.probe();
    for (n, recording) in (1..).zip(&recordings) {
        let mut backup = Backup::of(Incoming::new(recording).pieces([100]), archive);
        let call = backup.run();
        backup.check_reads();
        let copied = returned(call).0.map_err(|error| error.kind());
        assert!(
            probe.shutdowns() == 0,
            "After recording {n}, `back_up` had shut the archive down. More recordings follow."
        );
        assert!(
            copied == Ok(recording.len() as u64),
            "Recording {n} has {} bytes, and `back_up` returned {copied:?}.",
            recording.len()
        );
        archive = backup.ends.1;
    }
    assert!(
        probe.written() == recordings.concat(),
        "Three recordings were backed up, one after the other, and the archive has {} bytes. They had {}.",
        probe.written().len(),
        recordings.concat().len()
    );
}

/// `back_up` does not put the thread to sleep: other backups need it.
#[test]
fn no_call_blocks_the_thread() {
    let recording = recording(600);
    let before = Effort::of_this_thread();
    let mut backup = Backup::of(Incoming::new(&recording).pieces([10]), Outgoing::new().pieces([7]));
    let call = backup.run();
    let naps = before.and_then(|before| Some(Effort::of_this_thread()?.since(before).naps)).unwrap_or(0);
    assert!(
        naps < NAPS,
        "A recording came in 60 pieces, without a pause, and the thread was put to sleep {naps} times. Async code waits with `.await`, and \
         leaves the thread to others."
    );
    backup.check_complete(&recording, call);
}

/// `back_up` may be polled by one task and then by another, and one backup does not wait for another.
#[test]
fn another_task_may_go_on() {
    let recording = recording(300);
    let pauses = [Duration::from_millis(pick(20..=30))];
    let camera = Incoming::new(&recording).pieces([64]).pauses(pauses);
    let mut backup = Backup::of(camera, Outgoing::new().pieces([50]).pauses(pauses));
    stage("another task goes on with `back_up`");
    let (camera, archive) = &mut backup.ends;
    let run = panic_of(|| vt(handed_on("`back_up`", POLLS, back_up(camera, archive))).0);
    backup.check_reads();
    let copied = run.unwrap_or_else(|text| panic!("{text}")).map_err(|error| error.kind());
    assert!(
        copied == Ok(300) && backup.archive.written() == recording,
        "Another task went on with `back_up`, which returned {copied:?} for a recording of 300 bytes."
    );

    stage("two backups, one of them slow");
    let mut cameras = [3_600_000, 5]
        .map(|millis| Incoming::new(&recording).pieces([100]).pauses([Duration::from_millis(millis)]));
    let mut archives = [Outgoing::new(), Outgoing::new()];
    let probes = [archives[0].probe(), archives[1].probe()];
    let ([late, early], [to_late, to_early]) = (&mut cameras, &mut archives);
    let run =
        panic_of(|| vt(side_by_side("`back_up`", POLLS, back_up(late, to_late), back_up(early, to_early))).0);
    let (late, early) = run.unwrap_or_else(|text| panic!("{text}"));
    let copied = [late, early].map(|copied| copied.map_err(|error| error.kind()));
    assert!(
        copied == [Ok(300), Ok(300)] && probes.iter().all(|probe| probe.written() == recording),
        "Two recordings of 300 bytes were backed up at the same time, and `back_up` returned {copied:?}."
    );
}

/// In bytes. A learner may change theirs.
const ROOM: usize = 64 * 1024;
/// Many more than a backup of a few hundred bytes needs, also if it goes byte by byte.
const POLLS: usize = 2_000;
const KINDS: [ErrorKind; 4] =
    [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::UnexpectedEof, ErrorKind::BrokenPipe];
/// A thread that has nothing to wait for lies down now and then at most: for a page of memory, say.
const NAPS: u64 = 30;
/// In milliseconds.
const DAY: u64 = 24 * 3_600_000;
/// All the pauses of a test are less than the 700 days after which a call is taken to be stuck.
const MONTH: u64 = 30 * DAY;
/// Tokio's clock rounds each wait up to whole milliseconds.
const GRAIN: Duration = Duration::from_millis(20);

/// A backup, and what can be seen of it.
struct Backup {
    ends: (Incoming, Outgoing),
    camera: IncomingProbe,
    archive: OutgoingProbe,
}

type Call = Result<Timed<io::Result<u64>>, String>;

impl Backup {
    fn of(camera: Incoming, archive: Outgoing) -> Self {
        let (seen, written) = (camera.probe(), archive.probe());
        Self { ends: (camera, archive), camera: seen, archive: written }
    }

    fn run(&mut self) -> Call {
        let (camera, archive) = &mut self.ends;
        vt(timed("`back_up`", POLLS, back_up(camera, archive))).0
    }

    /// Nothing was read in vain.
    fn check_reads(&self) {
        let (empty, ends) = (self.camera.empty_buffers(), self.camera.ends());
        assert!(
            empty == 0,
            "`back_up` called `read` {} with a buffer of length 0, and had copied {} of the recording. Such a read has no room for a \
             byte, and returns `Ok(0)`. The room in a buffer is its length, not its capacity.",
            if empty == 1 { "once".to_owned() } else { format!("{empty} times") },
            counted(self.archive.written().len(), "byte")
        );
        assert!(
            ends <= 2,
            "`back_up` had been told {ends} times that the recording had ended, and went on reading. `Ok(0)` from a buffer with room is \
             the end, and nothing comes after it."
        );
    }

    /// What the call returned is right, and so is the archive.
    fn check_complete(&self, recording: &[u8], call: Call) -> (u64, Duration) {
        self.check_reads();
        let (copied, took) = returned(call);
        let (length, archived) = (recording.len(), self.archive.written());
        let copied = copied.unwrap_or_else(|error| {
            panic!(
                "A recording has {}, and neither camera nor archive failed. `back_up` returned the error {:?}, and the archive had {}.",
                counted(length, "byte"),
                error.kind(),
                counted(archived.len(), "byte")
            )
        });
        if archived.len() < length && recording.starts_with(&archived) {
            let (read, lost) = (self.camera.taken(), length - archived.len());
            let length = counted(length, "byte");
            assert!(
                read == recording.len(),
                "A recording has {length}. `back_up` returned {copied} after it had read {read} of them, and stopped before the end. The \
                 archive has {}.",
                archived.len()
            );
            panic!(
                "A recording has {length}. `back_up` read all of them and returned {copied}, and the archive has accepted {} of them: {lost} \
                 are lost.",
                archived.len()
            );
        }
        assert!(
            archived.len() <= length,
            "A recording has {}, and the archive has {}. That is more than the recording: {} are right, and then come others.",
            counted(length, "byte"),
            archived.len(),
            same(&archived, recording)
        );
        assert!(
            archived == recording,
            "A recording has {}, and in the archive, only the first {} of them are right.",
            counted(length, "byte"),
            same(&archived, recording)
        );
        assert!(
            copied == length as u64,
            "The archive has the recording, {}, and `back_up` returned {copied}.",
            counted(length, "byte")
        );
        (copied, took)
    }
}

fn check_error(failed: &str, call: Call, kind: ErrorKind) {
    match returned(call).0 {
        Ok(copied) => {
            panic!("{failed}, and `back_up` returned Ok({copied}). A backup that broke off looks complete.")
        }
        Err(error) => assert!(
            error.kind() == kind,
            "{failed}, and `back_up` returned an error of the kind {:?}. It should be {kind:?}.",
            error.kind()
        ),
    }
}

/// What a call returned, and after which time.
fn returned<T>(call: Result<Timed<T>, String>) -> (T, Duration) {
    let call = call.unwrap_or_else(|text| panic!("{}", text.replace(TIMER, CONNECTION)));
    (call.output, call.took)
}

/// What a test says of naps, and what it should say where nobody waits for a timer.
const TIMER: &str = "A timer wakes a task once, at its deadline.";
const CONNECTION: &str = "A read or a write that cannot go on waits, and the connection wakes the task.";

/// A recording without a pattern that repeats soon, with some zeros in it.
fn recording(length: u64) -> Vec<u8> {
    let (start, step) = (pick(0..=250), pick(3..=60));
    (0..length).map(|n| ((start + n * step + n / 251) % 251) as u8).collect()
}

/// How many bytes are the same at the beginning.
fn same(archived: &[u8], recording: &[u8]) -> usize {
    archived.iter().zip(recording).take_while(|(a, b)| a == b).count()
}
