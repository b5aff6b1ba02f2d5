//! Panics as values: the hook that keeps the test's panic, and `panic_of`.

use std::any::Any;
use std::borrow::Cow;
use std::cell::Cell;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::path::Path;
use std::sync::{Mutex, Once};
use std::thread::{self, ThreadId};

use tokio::task::{self, Id};

use crate::activity::lock;
use crate::harness;
use crate::message::cap;

/// Stands for a panic value that is neither `&str` nor `String`.
const NO_TEXT: &str = "a panic whose value is not text";

/// The file that the grader compiles the hidden tests from.
const HIDDEN: &str = "hidden_tests.rs";

static HOOK: Once = Once::new();
static LAST: Mutex<Option<Caught>> = Mutex::new(None);

thread_local! {
    /// Where the innermost `panic_of` of this thread was called, if there is one: in which task, or in none.
    static QUIET: Cell<Option<Option<Id>>> = const { Cell::new(None) };
}

/// A panic on the test's thread, as the hook saw it.
struct Caught {
    /// Capped.
    message: String,
    /// `file:line:column`, wherever that is.
    at: String,
    /// Whether that is in the learner's file.
    learners: bool,
    /// Whether it is on stderr already.
    printed: bool,
}

/// What a test's panic was about.
pub(crate) struct Told {
    /// Capped.
    pub(crate) message: String,
    /// `file:line:column`, when that is in the learner's file.
    pub(crate) place: Option<String>,
}

/// Runs `f`; when it panics, gives the panic's text, and prints nothing.
///
/// ```
/// assert_eq!(testkit::panic_of(|| 7), Ok(7));
/// assert_eq!(testkit::panic_of(|| panic!("no {}", "luck")), Err::<(), _>("no luck".to_owned()));
/// ```
///
/// A panic in another thread or a spawned task is not `f`'s own, and stays there.
pub fn panic_of<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    let _quiet = Quiet::here();
    panic::catch_unwind(AssertUnwindSafe(f)).map_err(text)
}

/// The text of a panic. A value that is no text is leaked: its destructor is foreign code, and may panic again.
pub(crate) fn text(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>().map_err(Box::<dyn Any + Send>::downcast::<&'static str>) {
        Ok(text) => *text,
        Err(Ok(text)) => (*text).to_owned(),
        Err(Err(foreign)) => {
            std::mem::forget(foreign);
            NO_TEXT.to_owned()
        }
    }
}

struct Quiet {
    before: Option<Option<Id>>,
}

impl Quiet {
    fn here() -> Self {
        // Inside the harness the hook is there already. A panicking thread may not change it.
        if !thread::panicking() {
            HOOK.call_once(|| {
                let printing = panic::take_hook();
                panic::set_hook(Box::new(move |info| {
                    if !is_quiet() {
                        printing(info);
                    }
                }));
            });
        }
        Self { before: QUIET.replace(Some(task::try_id())) }
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        QUIET.set(self.before);
    }
}

/// Whether this thread is inside of [`panic_of`].
pub(crate) fn is_quiet() -> bool {
    QUIET.try_with(Cell::get).is_ok_and(|called| called.is_some())
}

/// Whether a panic inside of [`panic_of`] is the one that it gives. That of a task that is run in there is not: its runtime
/// catches it first.
fn is_own() -> bool {
    QUIET.try_with(Cell::get).is_ok_and(|called| called == Some(task::try_id()))
}

/// From now on, keeps the last panic of this thread for [`told`] and prints those of all other threads. Panics of the
/// hidden tests' own code that cannot fail the test are told to the grader.
pub(crate) fn watch_this_thread() {
    let test_thread = thread::current().id();
    HOOK.call_once(|| {
        let printing = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !is_quiet() {
                keep_or_print(info, test_thread, &printing);
            } else if !is_own() {
                tell_lost(info);
            }
        }));
    });
}

fn keep_or_print(info: &PanicHookInfo<'_>, test_thread: ThreadId, printing: &dyn Fn(&PanicHookInfo<'_>)) {
    let elsewhere = thread::current().id() != test_thread;
    // Tokio catches a task's panic, so it is not the test's own and belongs in the output.
    let in_task = task::try_id().is_some();
    if elsewhere || in_task {
        printing(info);
        tell_lost(info);
    }
    if elsewhere {
        return;
    }
    let caught = Caught {
        message: text_in(info).into_owned(),
        at: info.location().map_or_else(|| "unknown place".to_owned(), Location::to_string),
        learners: info.location().is_some_and(|at| is_learners(at.file())),
        printed: in_task,
    };
    let before = lock(&LAST).replace(caught);
    print_late(before);
}

/// A panic in a task or on another thread: an assertion there fails nothing, unless the test looks at how the task or the thread
/// has ended.
fn tell_lost(info: &PanicHookInfo<'_>) {
    if let Some(at) = info.location().filter(|at| is_hidden(at.file())) {
        harness::lost(&text_in(info), &at.to_string());
    }
}

fn text_in<'a>(info: &'a PanicHookInfo<'_>) -> Cow<'a, str> {
    cap(info.payload_as_str().unwrap_or(NO_TEXT))
}

/// Prints a panic that turned out not to be the end of the test.
fn print_late(caught: Option<Caught>) {
    if let Some(Caught { message, at, printed: false, .. }) = caught {
        // Not `eprintln!`, which panics when nobody listens.
        let _ = writeln!(std::io::stderr(), "panicked at {at}:\n{message}");
    }
}

/// Whether a source file is the hidden tests'.
fn is_hidden(file: &str) -> bool {
    Path::new(file).file_name().is_some_and(|name| name == HIDDEN)
}

/// Whether a source file is neither the hidden tests', nor ours, nor a library's.
fn is_learners(file: &str) -> bool {
    let path = Path::new(file);
    let library = ["/rustc/", "/rustlib/", "/.cargo/", "/registry/src/"];
    !is_hidden(file)
        && path.parent() != Path::new(file!()).parent()
        && !library.iter().any(|part| file.contains(part))
}

/// What to tell of the panic that ended the test.
pub(crate) fn told(payload: Box<dyn Any + Send>) -> Told {
    let text = text(payload);
    let message = cap(&text).into_owned();
    let last = lock(&LAST).take();
    // They differ when the learner has replaced the hook, or resumes an older panic.
    match last {
        Some(Caught { message: same, at, learners, .. }) if same == message => {
            Told { message, place: learners.then_some(at) }
        }
        other => {
            print_late(other);
            Told { message, place: None }
        }
    }
}

/// The test has returned: a panic that was kept did not end it, and belongs in the output.
pub(crate) fn none_to_tell() {
    let last = lock(&LAST).take();
    print_late(last);
}
