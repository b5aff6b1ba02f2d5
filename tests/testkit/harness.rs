//! The `main` of a hidden tests program: runs one test and reports over a channel that the code under test cannot
//! forge.
//!
//! Standard input is a Unix stream socket, or on Windows a named pipe. Its one line, `<32 hex digits> <16 hex digits> <test name>`, is read before any
//! other code of the process runs. The first digits are the key of this run; the others are what [`pick`](crate::pick())
//! starts from. Frames go back over the same socket, one a line:
//!
//! ```text
//! <key> began
//! <key> used <microseconds of CPU time>
//! <key> stage <text>
//! <key> timeline new
//! <key> timeline lane\t<name>
//! <key> timeline <lane, counted from 0>\t<microseconds>\t<event>\t<text of a mark, or empty>
//! <key> timeline full
//! <key> measured
//! <key> closing
//! <key> closed
//! <key> held
//! <key> released
//! <key> lost <message>\t<file:line:column>
//! <key> failed <message>\t<file:line:column, or empty>
//! <key> passed
//! ```
//!
//! Backslash, newline, tab and carriage return are written `\\`, `\n`, `\t`, `\r`. The code under test can write to
//! the same socket, but nothing hands it the key; an exit code and printed text count for nothing.

use std::fmt::Debug;
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Mutex, Once, OnceLock};

use crate::activity::lock;
use crate::message::{cap, escape_into, unescape};
use crate::{panics, pick, system};

const KEY_DIGITS: usize = 32;
const START_DIGITS: usize = 16;
/// No order is longer, in bytes.
const ORDER_LIMIT: usize = 1024;

/// Exit code of a test that failed; what a Rust program that panics exits with.
const FAILED: u8 = 101;
/// Exit code of a program that got no order it can follow.
const NO_ORDER: u8 = 2;

static CHANNEL: OnceLock<Channel> = OnceLock::new();

/// The way back to the grader. The key never leaves this module.
///
/// It is kept in two halves, and every other copy is wiped: the compiler has known holes through which code without
/// `unsafe` can search the memory of its process, and a search for 32 digits in a row shall find nothing.
struct Channel {
    masked: Box<[u8; KEY_DIGITS]>,
    mask: Box<[u8; KEY_DIGITS]>,
    socket: Mutex<system::Channel>,
}

/// A test by name.
pub type Test<'a> = (&'a str, TestFn);

/// A test function behind [`Outcome`].
pub type TestFn = fn() -> Result<(), String>;

/// A test that a learner has written: its name, a part of the panic that it must end with, if it must, and its function.
pub type Tried<'a> = (&'a str, Option<&'a str>, TestFn);

/// Runs a learner's tests one after the other, up to the first that fails. The stage says which one runs, and in the end,
/// which ones have passed.
///
/// # Errors
/// What the first test that failed without a panic says.
pub fn each(tests: &[Tried<'_>]) -> Result<(), String> {
    for (name, panics, test) in tests {
        stage(format!("`{name}`"));
        match panics {
            None => test()?,
            Some(words) => panicked(*test, words)?,
        }
    }
    stage(match tests.len() {
        1 => "your only test".to_owned(),
        2 => "both of your tests".to_owned(),
        count => format!("all of your {count} tests"),
    });
    Ok(())
}

/// Runs a test that must panic.
fn panicked(test: TestFn, words: &str) -> Result<(), String> {
    match panics::panic_of(test) {
        Ok(returned) => {
            returned.and(Err("It did not panic, and `#[should_panic]` says that it must.".to_owned()))
        }
        Err(text) if text.contains(words) => Ok(()),
        Err(text) => Err(format!(
            "It panicked with other words than `#[should_panic]` expects.\n  found: {text}\n  expected: {words}"
        )),
    }
}

/// What a test function may return.
pub trait Outcome {
    /// The result as the harness reports it.
    ///
    /// # Errors
    /// When the test returned an error: its text.
    fn into_result(self) -> Result<(), String>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), String> {
        Ok(())
    }
}

impl<E: Debug> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), String> {
        self.map_err(|error| format!("The test stopped at an error: {error:?}"))
    }
}

/// Runs the test that the order names, on this thread, and reports.
///
/// Exit codes: 0 passed, 101 failed, 2 no order that could be followed.
pub fn main(tests: &[Test<'_>]) -> ExitCode {
    system::end_with_the_grader();
    match ordered(tests) {
        Ok((channel, test)) => run(channel, test),
        Err(problem) => {
            let _ = writeln!(
                io::stderr(),
                "testkit: {problem}\nThis program is started by tokiolings, with its order on a socket."
            );
            ExitCode::from(NO_ORDER)
        }
    }
}

fn ordered(tests: &[Test<'_>]) -> Result<(&'static Channel, TestFn), String> {
    let mut socket = system::Channel::open().map_err(|error| format!("standard input is closed: {error}"))?;
    let mut order = read_line(&mut socket).map_err(|error| format!("failed to read the order: {error}"))?;
    let followed = follow(&order, tests);
    wipe(&mut order);
    let Order { test, start, masked, mask } = followed?;
    let mut new = Some(Channel { masked, mask, socket: Mutex::new(socket) });
    let channel = CHANNEL.get_or_init(|| new.take().expect("initialised once"));
    if new.is_some() {
        return Err("a test has been run in this process already".to_owned());
    }
    pick::start_from(start);
    Ok((channel, test))
}

type Half = Box<[u8; KEY_DIGITS]>;

/// What an order says, its key in halves.
struct Order {
    test: TestFn,
    start: u64,
    masked: Half,
    mask: Half,
}

fn follow(order: &[u8], tests: &[Test<'_>]) -> Result<Order, String> {
    let mut parts = order.splitn(3, |byte| *byte == b' ');
    let (Some(key), Some(start), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Err("the order is not `<key> <start> <test name>`".to_owned());
    };
    let name = String::from_utf8_lossy(name);
    let start = std::str::from_utf8(start)
        .ok()
        .filter(|digits| {
            digits.len() == START_DIGITS && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        })
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .ok_or_else(|| format!("the start of the order is not {START_DIGITS} hex digits"))?;
    let key: &[u8; KEY_DIGITS] = key
        .try_into()
        .ok()
        .filter(|key: &&[u8; KEY_DIGITS]| key.iter().all(u8::is_ascii_hexdigit))
        .ok_or_else(|| format!("the key of the order is not {KEY_DIGITS} hex digits"))?;
    let (_, test) =
        tests.iter().find(|(test, _)| *test == name).ok_or_else(|| format!("there is no test `{name}`"))?;
    let mut mask = Box::new([0; KEY_DIGITS]);
    for part in mask.chunks_exact_mut(8) {
        part.copy_from_slice(&RandomState::new().hash_one(()).to_ne_bytes());
    }
    let mut masked = mask.clone();
    masked.iter_mut().zip(key).for_each(|(byte, digit)| *byte ^= digit);
    Ok(Order { test: *test, start, masked, mask })
}

/// Overwrites bytes that nobody will read again, also where the compiler would leave that out.
fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    std::hint::black_box(bytes);
}

/// Reads to the first newline and not a byte further.
fn read_line(socket: &mut system::Channel) -> io::Result<Vec<u8>> {
    // Never moved while it grows: what was moved could not be wiped.
    let mut line = Vec::with_capacity(ORDER_LIMIT + 1);
    let mut byte = [0];
    loop {
        match socket.read(&mut byte) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) if line.len() == ORDER_LIMIT => return Err(ErrorKind::FileTooLarge.into()),
            Ok(_) => line.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(line)
}

fn run(channel: &Channel, test: TestFn) -> ExitCode {
    panics::watch_this_thread();
    channel.send("began", &[]);
    let result = panic::catch_unwind(AssertUnwindSafe(test));
    if let Some(effort) = system::process() {
        channel.send("used", &[&effort.cpu.as_micros().to_string()]);
    }
    let (message, place) = match result {
        Ok(Ok(())) => {
            panics::none_to_tell();
            channel.send("passed", &[]);
            return ExitCode::SUCCESS;
        }
        Ok(Err(error)) => {
            panics::none_to_tell();
            (cap(&error).into_owned(), None)
        }
        Err(payload) => {
            let told = panics::told(payload);
            (told.message, told.place)
        }
    };
    channel.send("failed", &[&message, place.as_deref().unwrap_or_default()]);
    ExitCode::from(FAILED)
}

/// Tells the grader how far the test has come. When the test hangs and is killed, the last stage is shown to the
/// learner, so it says in their words what is going on. Does nothing outside of the grader.
///
/// ```
/// testkit::stage("polled once; now the event fires from another thread");
/// ```
pub fn stage(text: impl AsRef<str>) {
    if let Some(channel) = CHANNEL.get() {
        channel.send("stage", &[&cap(text.as_ref())]);
    }
}

/// Tells the grader that the test looks at what threads cost: it then believes a pass only when it has seen it twice.
pub(crate) fn measured() {
    static TOLD: Once = Once::new();
    if let Some(channel) = CHANNEL.get() {
        TOLD.call_once(|| channel.send("measured", &[]));
    }
}

/// Tells the grader that a runtime of the test's shuts down, and that it has: one that waits there for its threads would
/// look like a test that waits.
pub(crate) fn closing(begins: bool) {
    if let Some(channel) = CHANNEL.get() {
        channel.send(if begins { "closing" } else { "closed" }, &[]);
    }
}

/// Tells the grader that a blocking call holds the paused clock of one of the test's runtimes, and that it does not any more: a
/// test that waits for a timer waits for that call.
pub(crate) fn clock_held(held: bool) {
    if let Some(channel) = CHANNEL.get() {
        channel.send(if held { "held" } else { "released" }, &[]);
    }
}

/// Tells the grader of a panic of the hidden tests' own code that cannot fail the test by itself: it ends a task or a
/// thread.
pub(crate) fn lost(message: &str, place: &str) {
    if let Some(channel) = CHANNEL.get() {
        channel.send("lost", &[message, place]);
    }
}

/// Sends a part of a recording, if there is a grader.
pub(crate) fn timeline(fields: &[&str]) {
    if let Some(channel) = CHANNEL.get() {
        channel.send("timeline", fields);
    }
}

/// Asks the grader to run the learner's program; `None` outside of the grader. Gives the exit code, if there was one,
/// and both outputs.
pub(crate) fn run_program(fields: &[&str]) -> Option<io::Result<(Option<i32>, String, String)>> {
    let channel = CHANNEL.get()?;
    channel.send("run", fields);
    // No test runs the program twice at once, so the next line is the answer.
    let mut reply = Vec::new();
    let mut socket = lock(&channel.socket).try_clone();
    let read =
        socket.as_mut().map_err(|error| io::Error::new(error.kind(), error.to_string())).and_then(|socket| {
            let mut bytes = [0; 8 * 1024];
            while reply.last() != Some(&b'\n') {
                match socket.read(&mut bytes) {
                    Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                    Ok(count) => reply.extend_from_slice(&bytes[..count]),
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        });
    Some(read.map(|()| {
        let reply = String::from_utf8_lossy(&reply);
        let mut fields = reply.trim_end_matches('\n').splitn(3, '\t');
        let mut next = || unescape(fields.next().unwrap_or_default());
        (next().parse().ok(), next(), next())
    }))
}

impl Channel {
    fn send(&self, kind: &str, fields: &[&str]) {
        let mut text = format!(" {kind}");
        for (place, field) in fields.iter().enumerate() {
            text.push(if place == 0 { ' ' } else { '\t' });
            escape_into(&mut text, field);
        }
        text.push('\n');
        let mut frame = Vec::with_capacity(KEY_DIGITS + text.len());
        frame.extend(self.masked.iter().zip(self.mask.iter()).map(|(byte, mask)| byte ^ mask));
        frame.extend_from_slice(text.as_bytes());
        let mut socket = lock(&self.socket);
        socket.wait_for_room();
        // When nobody listens any more, nobody misses the frame.
        let _ = socket.write_all(&frame);
        wipe(&mut frame);
    }
}
