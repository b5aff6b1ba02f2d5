//! One hidden test: one process, one socket, one key.
//!
//! The process gets a socket as standard input. The grader writes a fresh random key, what the test's drawn values start
//! from, and the test's name into it before the process starts; the harness reads them before any of the learner's code
//! runs and keeps the key to itself. Only a line that carries the key counts as the test's report.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use super::child::{TestWalls, bounds, child};
use super::escape::unescape;
use super::program::Request;
use super::recording::Recording;
use crate::grader::bench::Grading;
use crate::grader::bench::draws::Seed;
use crate::grader::bench::layout::{HIDDEN_FILE, without_copies};
use crate::grader::bench::leftovers::Leftover;
use crate::grader::bench::lost::LostPanic;
use crate::grader::child::output::Capped;
use crate::grader::child::process::{self, Ended, Spec};
use crate::grader::child::proof::{Company, Phase};
use crate::grader::store::scratch::Scratch;
use crate::grader::walls::Limits;
use crate::system::pipe::{Channel, Theirs, channel};
use crate::verdict::{Broken, End, Hang, Report, Run, sanitize};
use crate::workbook::HiddenTests;

/// A program of hidden tests, ready to be run once for each test.
pub(in crate::grader) struct TestProgram {
    pub(in crate::grader) binary: PathBuf,
    /// The module that holds the tests, where the program has those of many submissions.
    pub(in crate::grader) module: Option<String>,
    /// Where submissions are behind walls.
    pub(in crate::grader) walls: Option<TestWalls>,
}

impl TestProgram {
    /// The name under which the program knows a test.
    pub(in crate::grader) fn name_of(&self, test: &str) -> String {
        match &self.module {
            Some(module) => HiddenTests::name_in(module, test),
            None => test.to_owned(),
        }
    }

    /// What a test printed, with the name that the hidden tests' file has when it is alone.
    pub(in crate::grader) fn named_alone(&self, output: String) -> String {
        match &self.module {
            Some(module) => output.replace(&format!("{module}/{HIDDEN_FILE}"), HIDDEN_FILE),
            None => output,
        }
    }
}

/// What the tests of one submission share while they run.
#[derive(Debug, Clone, Default)]
pub(in crate::grader) struct SideBySide(Arc<Company>);

/// Runs the hidden test `test` of `program`, for the submission in the build folder `slot`; says when it started.
///
/// A test that has measured what threads cost, and passed, runs once more, and the second result counts: what the machine
/// does beside it may hide an effort once, so a pass is believed, and kept in the cache, when it was seen twice.
pub(in crate::grader) async fn run(
    grading: &Grading<'_>,
    slot: &Path,
    program: &TestProgram,
    test: &str,
    seed: Option<&Seed>,
    others: &SideBySide,
) -> Result<(Run, Instant), Broken> {
    let (first, started) = once(grading, slot, program, test, seed, others).await?;
    if !(first.measured && first.report == Some(Report::Passed)) {
        return Ok((first, started));
    }
    let (second, _) = once(grading, slot, program, test, seed, others).await?;
    Ok((second, started))
}

async fn once(
    grading: &Grading<'_>,
    slot: &Path,
    program: &TestProgram,
    test: &str,
    seed: Option<&Seed>,
    others: &SideBySide,
) -> Result<(Run, Instant), Broken> {
    let turn = Arc::clone(grading.bench.tests).acquire_owned().await.expect("the semaphore is never closed");
    let started = Instant::now();
    let own;
    let folder = match &program.walls {
        // Each has something else there.
        Some(walls) => walls.folder(),
        None => {
            own = Scratch::new(slot)?;
            own.path()
        }
    };
    let no_numbers = |error| busy(format!("the system provides no random numbers: {error}"));
    let key = fresh_key().map_err(no_numbers)?;
    let start = seed.map_or_else(getrandom::u64, |seed| Ok(seed.of_test(test))).map_err(no_numbers)?;
    let (mut ours, theirs) = order(&key, start, &program.name_of(test))
        .await
        .map_err(|error| busy(format!("cannot open a socket: {error}")))?;
    let bounds = bounds(grading, &others.0);
    let phase = Arc::clone(&bounds.phase);
    let spec =
        Spec { stdin: Some(theirs), turn: Some(turn), ..child(grading, &program.binary, folder, bounds) };
    let spec = match &program.walls {
        Some(walls) => walls.enclose(spec),
        None => spec,
    };
    let mut output = Capped::default();
    let mut frames = Frames::new(key, Arc::clone(&phase));
    let mut sink = |_: process::Stream, bytes: &[u8]| output.push(bytes);
    let outcome = {
        let child = process::run(spec, &mut sink);
        tokio::pin!(child);
        loop {
            let request = tokio::select! {
                outcome = &mut child => break outcome,
                request = frames.read_some(&mut ours) => request,
            };
            // While the program runs, the test waits for it; both have the same limit.
            phase.serve(true);
            tokio::select! {
                outcome = &mut child => break outcome,
                reply = super::program::serve(grading, slot, &others.0, request, &mut ours) => reply?,
            }
            phase.serve(false);
        }
    };
    let outcome = outcome.map_err(|error| match error.source.kind() {
        std::io::ErrorKind::NotFound => {
            busy(format!("the compiled hidden tests are gone: failed to {error}"))
        }
        _ => busy(format!("failed to {error}")),
    })?;
    note_leftovers(grading, test, folder);
    // What was sent before the end is in the socket's buffer.
    frames.read_rest(&mut ours).await;
    note_lost(grading, test, &frames);
    let end = match outcome.end {
        Ended::Exited(code) => End::Exited(code),
        Ended::Signalled(signal) => End::Signalled(signal),
        Ended::TimedOut(hang) => {
            let hang = hang.expect("a hang is explained because the order asked for it");
            End::Hung(grading.exercise.limit, Hang { stage: frames.stage.clone(), ..hang })
        }
        Ended::Hung(hang) => End::Hung(outcome.took, Hang { stage: frames.stage.clone(), ..hang }),
        Ended::Waited => End::Waited(outcome.took),
    };
    // Of a learner's own tests a copy was run.
    let plain = |text: String| match grading.exercise.subject {
        Some(_) => without_copies(&text),
        None => text,
    };
    let report = frames.report.filter(|report| !(frames.forged && *report == Report::Passed));
    let run = Run {
        test: test.to_owned(),
        report: report.map(|report| match report {
            Report::Passed => Report::Passed,
            Report::Failed { message, place } => {
                Report::Failed { message: plain(message), place: place.map(plain) }
            }
        }),
        end,
        stage: frames.stage,
        measured: frames.measured,
        closing: frames.closing,
        clock_held: frames.clocks_held > 0,
        memory: grading.bench.options.confinement.as_ref().map(|_| Limits::test(0).memory),
        timeline: frames.recording.into_timeline(),
        output: plain(program.named_alone(output.into_text())),
        took: outcome.took,
        cpu: frames.cpu,
    };
    Ok((run, started))
}

/// Remembers what a test has left in its folder.
fn note_leftovers(grading: &Grading<'_>, test: &str, folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let leftover = Leftover {
            exercise: grading.exercise.name.clone(),
            test: test.to_owned(),
            name: entry.file_name().to_string_lossy().into_owned(),
        };
        grading.bench.leftovers.lock().unwrap_or_else(PoisonError::into_inner).insert(leftover);
    }
}

/// Keeps the panics of a test's own code that have not kept the test from passing.
fn note_lost(grading: &Grading<'_>, test: &str, frames: &Frames) {
    if frames.report != Some(Report::Passed) || frames.lost.is_empty() {
        return;
    }
    let mut kept = grading.bench.lost.lock().unwrap_or_else(PoisonError::into_inner);
    for (line, message) in &frames.lost {
        let (exercise, test) = (grading.exercise.name.clone(), test.to_owned());
        let place = LostPanic { exercise, test, line: *line, message: String::new() };
        // The message may have a drawn value in it; the first is enough.
        let known = kept.range(place.clone()..).next().is_some_and(|other| other.is_at(&place));
        if !known {
            kept.insert(LostPanic { message: message.clone(), ..place });
        }
    }
}

fn busy(problem: String) -> Broken {
    Broken { problem, remedy: "free some memory or close other programs, then try again".to_owned() }
}

fn fresh_key() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The two ends of a test's socket; the order is in the child's end already.
async fn order(key: &str, start: u64, test: &str) -> std::io::Result<(Channel, Theirs)> {
    let (mut ours, theirs) = channel().await?;
    ours.write_all(format!("{key} {start:016x} {test}\n").as_bytes()).await?;
    Ok((ours, theirs))
}

/// Reads reports from the socket. Anything without the key is dropped: a learner's code can write there, too.
struct Frames {
    key: String,
    phase: Arc<Phase>,
    line: Vec<u8>,
    skipping: bool,
    closed: bool,
    stage: Option<String>,
    report: Option<Report>,
    request: Option<Request>,
    recording: Recording,
    /// The test has measured what threads cost.
    measured: bool,
    /// A runtime of the test shuts down.
    closing: bool,
    /// So many paused clocks of the test are held by blocking calls.
    clocks_held: usize,
    /// Panics of the test's own code that fail nothing: the line of the hidden tests, and the message's first line.
    lost: Vec<(usize, String)>,
    /// Somebody has tried other keys.
    forged: bool,
    /// CPU time that the test had used when its function was done.
    cpu: Option<Duration>,
}

/// The longest line that testkit sends: 64 KiB of text, at worst every byte of it escaped, and some.
const MAX_FRAME: usize = 160 * 1024;

/// Of so many lost panics one test is told; a loop of them would say the same again.
const MAX_LOST: usize = 16;

impl Frames {
    fn new(key: String, phase: Arc<Phase>) -> Self {
        Self {
            key,
            phase,
            line: Vec::new(),
            skipping: false,
            closed: false,
            stage: None,
            report: None,
            request: None,
            recording: Recording::default(),
            measured: false,
            closing: false,
            clocks_held: 0,
            lost: Vec::new(),
            forged: false,
            cpu: None,
        }
    }

    /// Reads until the test asks for a run of the program; never ready once the other side has closed.
    async fn read_some(&mut self, socket: &mut Channel) -> Request {
        loop {
            if let Some(request) = self.request.take() {
                return request;
            }
            if self.closed {
                return std::future::pending().await;
            }
            let mut buffer = [0; 8 * 1024];
            let read = socket.read(&mut buffer).await;
            self.take(read, &buffer);
        }
    }

    async fn read_rest(&mut self, socket: &mut Channel) {
        let mut buffer = [0; 8 * 1024];
        // Bounded: a process that survived may go on writing for ever.
        for _ in 0..256 {
            if self.closed {
                return;
            }
            let read = socket.read_left(&mut buffer).await;
            self.take(read, &buffer);
        }
    }

    fn take(&mut self, read: std::io::Result<usize>, buffer: &[u8]) {
        match read {
            Ok(0) | Err(_) => self.closed = true,
            Ok(count) => self.push(&buffer[..count]),
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.line.len() + piece.len() > MAX_FRAME {
                self.skipping = true;
                self.line.clear();
            }
            if !self.skipping {
                self.line.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                if !std::mem::take(&mut self.skipping) {
                    self.accept(&String::from_utf8_lossy(&line));
                }
            }
        }
    }

    fn accept(&mut self, line: &str) {
        let Some(rest) =
            line.trim_end_matches('\n').strip_prefix(&self.key).and_then(|rest| rest.strip_prefix(' '))
        else {
            self.forged |= is_guess(line);
            return;
        };
        let (word, text) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "passed" if text.is_empty() && self.report.is_none() => self.report = Some(Report::Passed),
            "failed" if self.report.is_none() => {
                let (message, place) = text.split_once('\t').unwrap_or((text, ""));
                let place = (!place.is_empty()).then(|| sanitize(&unescape(place)));
                self.report = Some(Report::Failed { message: sanitize(&unescape(message)), place });
            }
            "began" => self.phase.begin(),
            "used" => self.cpu = text.parse().ok().map(Duration::from_micros),
            "run" => self.request = Some(Request::read(text)),
            "timeline" => self.recording.push(text),
            "measured" => self.measured = true,
            "lost" if self.lost.len() < MAX_LOST => self.lost.extend(lost(text)),
            "closing" => self.closing = true,
            "closed" => self.closing = false,
            "held" => self.clocks_held += 1,
            "released" => self.clocks_held = self.clocks_held.saturating_sub(1),
            "stage" => self.stage = Some(sanitize(&unescape(text))),
            _ => {}
        }
    }
}

/// Line and message of a `lost` frame.
fn lost(text: &str) -> Option<(usize, String)> {
    let (message, place) = text.rsplit_once('\t')?;
    // `file:line:column`, and the file's name may have colons.
    let line = place.rsplit(':').nth(1)?.parse().ok()?;
    let message = sanitize(&unescape(message));
    Some((line, message.lines().next().unwrap_or_default().to_owned()))
}

/// Whether a line is a frame with another key than the run's, whatever it says. Only an attack writes one, and it gets no
/// second guess.
fn is_guess(line: &str) -> bool {
    line.as_bytes()
        .split_at_checked(32)
        .is_some_and(|(key, rest)| key.iter().all(u8::is_ascii_hexdigit) && rest.first() == Some(&b' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[&[u8]]) -> Frames {
        let mut frames = Frames::new("k".repeat(32), Arc::default());
        for piece in bytes {
            frames.push(piece);
        }
        frames
    }

    fn key() -> String {
        "k".repeat(32)
    }

    #[test]
    fn a_report_counts_only_with_the_key() {
        assert_eq!(frames(&[b"passed\n", b" passed\n", b"0000 passed\n"]).report, None);
        let line = format!("{} passed\n", key());
        assert_eq!(frames(&[line.as_bytes()]).report, Some(Report::Passed));
    }

    #[test]
    fn whoever_tries_other_keys_is_not_believed_any_more() {
        let guess = format!("{} passed\n", "0".repeat(32));
        let right = format!("{} passed\n", key());
        assert!(frames(&[guess.as_bytes(), right.as_bytes()]).forged);
        for more in ["passed ", "passed twice", "passed\r", "stage passed", "failed"] {
            let guess = format!("{} {more}\n", "0f".repeat(16));
            assert!(frames(&[guess.as_bytes(), right.as_bytes()]).forged, "{more}");
        }
        assert!(!frames(&[b"passed\n", b"some output passed\n", right.as_bytes()]).forged);
        assert_eq!(frames(&[format!("{} passed twice\n", key()).as_bytes()]).report, None);
    }

    #[test]
    fn a_test_says_that_it_has_measured() {
        let passed = format!("{} passed\n", key());
        assert!(!frames(&[passed.as_bytes(), b"measured\n"]).measured);
        assert!(frames(&[format!("{} measured\n", key()).as_bytes(), passed.as_bytes()]).measured);
    }

    #[test]
    fn a_runtime_that_shuts_down_is_known_until_it_is_gone() {
        let told = |words: &[&str]| {
            let lines: String = words.iter().map(|word| format!("{} {word}\n", key())).collect();
            frames(&[lines.as_bytes()]).closing
        };
        assert_eq!((told(&[]), told(&["closing"]), told(&["closing", "closed"])), (false, true, false));
        assert!(!frames(&[b"closing\n"]).closing);
    }

    #[test]
    fn a_clock_that_is_held_is_known_until_every_blocking_call_has_returned() {
        let held = |words: &[&str]| {
            let lines: String = words.iter().map(|word| format!("{} {word}\n", key())).collect();
            frames(&[lines.as_bytes()]).clocks_held
        };
        assert_eq!((held(&["held"]), held(&["held", "released"])), (1, 0));
        // Two engines side by side.
        assert_eq!(held(&["held", "held", "released"]), 1);
        assert_eq!((held(&["released"]), frames(&[b"held\n"]).clocks_held), (0, 0));
    }

    #[test]
    fn a_lost_panic_has_its_line_and_no_end_of_them_is_kept() {
        let frame = |line| format!("{} lost one\\ttwo\\nmore\tb:0/hidden_tests.rs:{line}:9\n", key());
        let all: String = (1..100).map(frame).collect();
        let seen = frames(&[b"lost forged\tx.rs:1:1\n", all.as_bytes()]).lost;
        assert_eq!((seen.len(), &seen[0]), (MAX_LOST, &(1, "one\ttwo".to_owned())));
    }

    #[test]
    fn a_failure_cannot_be_followed_by_a_pass() {
        let lines = format!("{0} failed no\t\n{0} passed\n", key());
        assert_eq!(
            frames(&[lines.as_bytes()]).report,
            Some(Report::Failed { message: "no".into(), place: None })
        );
    }

    #[test]
    fn frames_survive_any_cut_and_any_noise_between_them() {
        let text =
            format!("noise\n{0} stage one\\ntwo\nmore noise\n{0} failed a\\tb\\\\c\tx.rs:1:2\n", key());
        for at in 0..text.len() {
            let seen = frames(&[&text.as_bytes()[..at], &text.as_bytes()[at..]]);
            assert_eq!(seen.stage.as_deref(), Some("one\ntwo"));
            assert_eq!(
                seen.report,
                Some(Report::Failed { message: "a\tb\\c".into(), place: Some("x.rs:1:2".into()) })
            );
        }
    }

    #[test]
    fn a_flood_without_a_line_end_is_dropped_and_what_follows_is_read() {
        let flood = vec![b'x'; 3 * MAX_FRAME];
        let line = format!("\n{} passed\n", key());
        let seen = frames(&[&flood, line.as_bytes()]);
        assert_eq!(seen.report, Some(Report::Passed));
        assert!(seen.line.capacity() <= MAX_FRAME + 8 * 1024);
    }
}
