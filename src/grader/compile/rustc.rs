//! One run of `rustc`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::rustc_json::Message;
use crate::grader::bench::Bench;
use crate::grader::bench::layout::{
    HIDDEN, HIDDEN_FILE, HIDDEN_PROGRAM, IMPLEMENTATIONS, LIBRARY, METADATA, PROGRAM, REFUSABLE, SUBMISSION,
    TRIAL, TRIAL_FILE,
};
use crate::grader::child::environment;
use crate::grader::child::lines::Lines;
use crate::grader::child::output::Capped;
use crate::grader::child::process::{self, Ended, Spec};
use crate::grader::store::home::unwritable;
use crate::grader::toolchain::Toolchain;
use crate::grader::toolchain::dependencies::BUNDLE;
use crate::grader::toolchain::remedy;
use crate::grader::walls::{self, Enclosure, Limits, Walls};
use crate::system::compiler::look_for_libraries;
use crate::verdict::{Broken, CompileEnd, Compiled, Diagnostic};
use crate::workbook::{Exercise, REFUSED};

/// What to compile.
#[derive(Debug, Clone, Copy)]
pub(in crate::grader) enum Unit<'a> {
    /// The learner's file as the library `exercise`.
    Library(&'a Exercise),
    /// The learner's file as a program.
    Program(&'a Exercise),
    /// An implementation for learners' tests: the hidden test that it is.
    Implementation(&'a Exercise, &'a str),
    /// Copies of the learner's file, each with one of these implementations.
    Trial(&'a Exercise, &'a [Linked]),
    /// Hidden tests, against these libraries.
    HiddenTests(&'a [Linked]),
    /// One of them that must not compile, against these libraries. Nothing is made of it but metadata: all errors are out by
    /// then.
    Refusable(&'a [Linked]),
}

/// A submission as hidden tests see it.
#[derive(Debug, Clone)]
pub(in crate::grader) struct Linked {
    /// The name under which they import it.
    pub(in crate::grader) name: String,
    /// The compiled library.
    pub(in crate::grader) library: PathBuf,
    /// The folder of the libraries that it was compiled against itself, besides the dependencies.
    pub(in crate::grader) beside: Option<PathBuf>,
}

/// What the compiler said about a unit.
pub(in crate::grader) struct Said {
    pub(in crate::grader) end: CompileEnd,
    pub(in crate::grader) messages: Vec<Message>,
    pub(in crate::grader) took: Duration,
}

/// Diagnostics beyond these say nothing new, and a macro can make thousands.
const MAX_DIAGNOSTICS: usize = 50;

impl<'a> Unit<'a> {
    /// The folder that it is compiled in, below the build folder. The submission's compiler sees no other: the hidden
    /// tests are not for `include_str!`.
    fn folder(self) -> &'static str {
        match self {
            Self::Library(_) | Self::Program(_) => SUBMISSION,
            Self::Implementation(..) => IMPLEMENTATIONS,
            Self::Trial(..) => TRIAL,
            Self::HiddenTests(_) => HIDDEN,
            Self::Refusable(_) => REFUSABLE,
        }
    }

    /// The name of what it writes, below its folder.
    fn output(self) -> &'static str {
        match self {
            Self::Library(_) | Self::Implementation(..) | Self::Trial(..) => LIBRARY,
            Self::Program(_) => PROGRAM,
            Self::HiddenTests(_) => HIDDEN_PROGRAM,
            Self::Refusable(_) => METADATA,
        }
    }

    /// What hidden tests are compiled against; `None` for a submission.
    fn linked(self) -> Option<&'a [Linked]> {
        match self {
            Self::HiddenTests(linked) | Self::Refusable(linked) => Some(linked),
            _ => None,
        }
    }

    /// The libraries that it is compiled against, besides the dependencies.
    fn libraries(self) -> &'a [Linked] {
        match self {
            Self::Trial(_, linked) => linked,
            _ => self.linked().unwrap_or_default(),
        }
    }

    /// Whether what it makes needs no linker.
    fn is_library(self) -> bool {
        !matches!(self, Self::Program(_) | Self::HiddenTests(_))
    }
}

impl Said {
    /// Whether this may be about the machine, and not about the text: the compiler crashed, or complains about what it
    /// was given besides the text, or points at nothing in it.
    pub(in crate::grader) fn is_doubtful(&self) -> bool {
        matches!(self.end, CompileEnd::Crashed(_)) || self.messages.iter().any(Message::is_doubtful)
    }

    /// The first error in one line, or how the compiler ended.
    pub(in crate::grader) fn complaint(&self) -> String {
        match &self.end {
            CompileEnd::Crashed(how) => how.clone(),
            _ => self
                .messages
                .iter()
                .find(|message| message.is_error())
                .map_or_else(|| "it says nothing".to_owned(), |message| message.text().to_owned()),
        }
    }

    /// The learner's own file was compiled: the compiler's own words.
    pub(in crate::grader) fn of_submission(self) -> Compiled {
        let Self { end, messages, took } = self;
        Compiled { end, diagnostics: sorted(messages.iter().map(Message::of_submission)), took }
    }

    /// Hidden tests were compiled against it: what the file lacks, without a line of the tests.
    pub(in crate::grader) fn of_hidden_tests(self) -> Compiled {
        let Self { end, messages, took } = self;
        let errors = messages.iter().filter(|message| message.is_error());
        Compiled { end, diagnostics: sorted(errors.map(Message::of_hidden_tests)), took }
    }

    /// Copies of the learner's file were compiled, each with another implementation.
    pub(in crate::grader) fn of_trial(self, subject: &str) -> Compiled {
        let Self { end, messages, took } = self;
        let errors = messages.iter().filter(|message| message.is_error());
        Compiled { end, diagnostics: sorted(errors.map(|error| error.of_trial(subject))), took }
    }

    /// A text was compiled that must not compile: the compiler's own words, which say why.
    pub(in crate::grader) fn of_attempt(self) -> Compiled {
        let Self { end, messages, took } = self;
        let errors = messages.iter().filter(|message| message.is_error());
        Compiled { end, diagnostics: sorted(errors.map(Message::of_submission)), took }
    }

    /// Hidden tests were compiled, and whoever asks has written them: the compiler's own words.
    pub(in crate::grader) fn for_their_author(self) -> Vec<Diagnostic> {
        sorted(self.messages.iter().filter(|message| message.is_error()).map(Message::of_submission))
    }
}

/// Compiles one unit in the build folder `slot`, behind these walls, if there are any, or else behind new ones.
pub(in crate::grader) async fn run(
    bench: &Bench<'_>,
    slot: &Path,
    unit: Unit<'_>,
    built: Option<&Enclosure>,
) -> Result<Said, Broken> {
    let _core = bench.compilers.acquire().await.expect("the semaphore is never closed");
    let mut messages: Vec<Message> = Vec::new();
    let mut lines = Lines::default();
    let mut text = Capped::default();
    let driver = driver(bench, unit)?;
    let folder = slot.join(unit.folder());
    let mut spec = Spec {
        program: bench.toolchain.program(driver),
        args: arguments(bench, slot, unit),
        env: environment::compiler(),
        cwd: folder.clone(),
        merged: true,
        limit: bench.options.compile_limit,
        ..Spec::default()
    };
    if let Some(confinement) = &bench.options.confinement {
        // The linker's temporary files go where it may write.
        spec.env.retain(|(name, _)| name != "TMPDIR");
        spec.env.push(("TMPDIR".into(), scratch(slot).into()));
        // Without `/proc` the loader does not know where a program lies, and so not what lies beside it.
        spec.env.push(("LD_LIBRARY_PATH".into(), bench.toolchain.search_path()));
        confinement.hand_over(&folder).map_err(|error| unwritable(&folder, &error))?;
        spec = match built {
            Some(built) => built.enclose(spec),
            None => confinement.enclose(&walls(bench, slot, unit), spec),
        };
    }
    let outcome = process::run(spec, &mut |_, bytes| {
        lines.push(bytes, &mut |line| match Message::read(line) {
            Some(message)
                if messages.len() < MAX_DIAGNOSTICS
                    || message.is_error() && messages.len() < 2 * MAX_DIAGNOSTICS =>
            {
                messages.push(message);
            }
            Some(_) => {}
            None if line.first() != Some(&b'{') => {
                text.push(line);
                text.push(b"\n");
            }
            None => {}
        });
    })
    .await
    .map_err(|error| Broken {
        problem: format!("failed to {error}"),
        remedy: remedy::for_the_compiler(&error.to_string(), bench.home.path())
            .unwrap_or_else(|| remedy::last_resort(bench.home.path())),
    })?;
    let of_machine = |said| machine_fault(bench, unit, said);
    if let Some(broken) = messages.iter().filter_map(Message::without_code).find_map(of_machine) {
        return Err(broken);
    }
    let end = match outcome.end {
        Ended::Exited(0) => CompileEnd::Succeeded,
        Ended::Exited(1) if messages.iter().any(Message::is_error) => CompileEnd::Failed,
        Ended::Exited(code) => CompileEnd::Crashed(crash(&format!("ended with exit code {code}"), text)),
        Ended::Signalled(signal) => {
            CompileEnd::Crashed(crash(&format!("was killed by signal {signal}"), text))
        }
        Ended::TimedOut(_) | Ended::Hung(_) | Ended::Waited => {
            CompileEnd::TimedOut(bench.options.compile_limit)
        }
    };
    Ok(Said { end, messages, took: outcome.took })
}

/// The walls of such a compile, if there are any, to be built before there is something to compile. The folders that they
/// show are there from now on.
pub(in crate::grader) fn enclosure(
    bench: &Bench<'_>,
    slot: &Path,
    unit: Unit<'_>,
) -> Result<Option<Enclosure>, Broken> {
    let Some(confinement) = &bench.options.confinement else { return Ok(None) };
    let folder = slot.join(unit.folder());
    std::fs::create_dir_all(&folder)
        .and_then(|()| confinement.hand_over(&folder))
        .map_err(|error| unwritable(&folder, &error))?;
    Ok(Some(confinement.enclosure(&walls(bench, slot, unit))))
}

/// What a compiler may fill behind walls; it is nowhere else.
fn scratch(slot: &Path) -> PathBuf {
    slot.join("scratch")
}

/// A compiler reads the toolchain, the dependencies and its own folder, and writes only the last.
fn walls(bench: &Bench<'_>, slot: &Path, unit: Unit<'_>) -> Walls {
    let mut read = walls::system_libraries();
    read.push(bench.dependencies.folder.clone());
    read.extend(bench.dependencies.crates.values().cloned());
    if unit.linked().is_some() {
        read.push(bench.dependencies.testkit.clone());
        read.extend(bench.dependencies.bundle.clone());
    }
    for Linked { library, beside, .. } in unit.libraries() {
        read.extend(library.parent().map(Path::to_owned).into_iter().chain(beside.clone()));
    }
    let mut execute = walls::system_programs();
    execute.push(bench.toolchain.sysroot.clone());
    let mut limits = Limits::compiler(bench.options.compile_limit.as_secs());
    if let Unit::Library(_) | Unit::Trial(..) = unit {
        // What it holds must find room in the test program as well.
        limits.file /= 4;
    }
    Walls {
        folder: slot.join(unit.folder()),
        read,
        execute,
        write: vec![slot.join(unit.folder())],
        scratch: scratch(slot),
        links: bench.toolchain.linker_link(),
        copies: Toolchain::asked_for(),
        loopback: false,
        children: !unit.is_library(),
        limits,
    }
}

fn sorted(diagnostics: impl Iterator<Item = Diagnostic>) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = diagnostics.collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.level);
    // Two calls of the tests can have the same complaint, and once is enough.
    let mut told = Vec::new();
    diagnostics.retain(|diagnostic| {
        let new = !told.contains(&diagnostic.rendered);
        told.push(diagnostic.rendered.clone());
        new
    });
    diagnostics
}

fn crash(how: &str, text: Capped) -> String {
    let text = text.into_text();
    match text.lines().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("the compiler {how}: {line}"),
        None => format!("the compiler {how}"),
    }
}

/// A complaint of rustc's that points at no code → what the machine lacks.
fn machine_fault(bench: &Bench<'_>, unit: Unit<'_>, message: &str) -> Option<Broken> {
    let home = bench.home.path();
    let remedy = match remedy::for_the_compiler(message, home) {
        Some(remedy) => remedy,
        // A submission that compiles cannot make the linker fail: what would is `unsafe`.
        None if unit.linked().is_some() => remedy::last_resort(home),
        None => return None,
    };
    Some(Broken { problem: format!("rustc: {message}"), remedy })
}

fn driver(bench: &Bench<'_>, unit: Unit<'_>) -> Result<&'static str, Broken> {
    if !matches!(unit, Unit::Library(exercise) if !exercise.clippy.is_empty()) {
        return Ok("rustc");
    }
    if !bench.toolchain.has("clippy-driver") {
        return Err(Broken {
            problem: "this exercise is checked with clippy, which is not installed".to_owned(),
            remedy: "run `rustup component add clippy`".to_owned(),
        });
    }
    Ok("clippy-driver")
}

fn arguments(bench: &Bench<'_>, slot: &Path, unit: Unit<'_>) -> Vec<OsString> {
    let dependencies = bench.dependencies;
    let mut args: Vec<OsString> = Vec::with_capacity(40);
    let mut add = |arg: &str| args.push(arg.into());
    match unit {
        Unit::Library(exercise) if exercise.subject.is_some() => {
            // As `cargo test` compiles it. What is run of it are copies.
            add(&exercise.path());
            add("--crate-name=exercise");
            add("--test");
            add("--emit=metadata");
        }
        Unit::Implementation(exercise, test) => {
            // All have one name: what is told at run time about a type says nothing about who it is.
            add(&format!("{test}/{HIDDEN_FILE}"));
            add(&format!("--crate-name={}", exercise.subject.as_deref().unwrap_or(test)));
            add("--crate-type=lib");
            add("--emit=metadata,link");
            add(&format!("-Cmetadata={}/{}/{test}", exercise.chapter, exercise.name));
            add(&format!("-Cextra-filename=-{test}"));
        }
        Unit::Trial(exercise, _) => {
            add(TRIAL_FILE);
            add("--crate-name=exercise");
            add("--crate-type=lib");
            add("--emit=metadata,link");
            let slot = slot.file_name().unwrap_or_default().to_string_lossy();
            add(&format!("-Cmetadata={}/{}/{slot}", exercise.chapter, exercise.name));
            // The learner's tests are here, and libtest is not.
            add("--cfg=test");
            add("-Aexplicit_builtin_cfgs_in_flags");
            // What there is to say has been said about the learner's file. `-F` would not outlive `--cap-lints`.
            add("-Awarnings");
        }
        Unit::Library(exercise) => {
            add(&exercise.path());
            add("--crate-name=exercise");
            add("--crate-type=lib");
            add("--emit=metadata,link");
            // One program may hold the hidden tests of many submissions: no two are the same crate.
            let slot = slot.file_name().unwrap_or_default().to_string_lossy();
            add(&format!("-Cmetadata={}/{}/{slot}", exercise.chapter, exercise.name));
        }
        Unit::Program(exercise) => {
            add(&exercise.path());
            add("--crate-name=program");
            add("--crate-type=bin");
            add("--emit=link");
        }
        Unit::HiddenTests(_) => {
            add(HIDDEN_FILE);
            add("--crate-name=hidden_tests");
            add("--crate-type=bin");
            add("--emit=link");
        }
        Unit::Refusable(_) => {
            add(HIDDEN_FILE);
            add("--crate-name=refusable");
            add("--crate-type=lib");
            add("--emit=metadata");
            add(&format!("--cfg={REFUSED}"));
        }
    }
    for arg in [
        "--edition=2024",
        "--out-dir=.",
        "--error-format=json",
        "--diagnostic-width=100",
        // Symbols of the libraries would be copied into every test binary: 50 ms each.
        "-Cdebuginfo=0",
        "-Cstrip=debuginfo",
        "-Cembed-bitcode=no",
    ] {
        add(arg);
    }
    // Behind walls another person's submission may have been here before: nothing of it may be left to read.
    let keeps_state = bench.options.confinement.is_none() || unit.linked().is_some();
    // Reading the state of a text of ten lines takes longer than compiling it, and the copies of a trial have new names each time.
    if keeps_state && matches!(unit, Unit::Library(_) | Unit::Program(_) | Unit::HiddenTests(_)) {
        add(&format!("-Cincremental=incremental-{}", unit.output()));
    }
    match unit {
        Unit::Library(exercise) | Unit::Program(exercise) | Unit::Trial(exercise, _) => {
            // A library does not use its `main`, and a program may leave parts of the lesson unused.
            add("-Adead_code");
            if !exercise.allow_unsafe {
                add("-Funsafe_code");
            }
            let denied: &[String] = if let Unit::Trial(..) = unit { &[] } else { &exercise.deny };
            for lint in denied {
                add(&format!("-D{lint}"));
            }
        }
        Unit::Refusable(_) | Unit::Implementation(..) => add("--cap-lints=allow"),
        Unit::HiddenTests(linked) => {
            add("--cap-lints=allow");
            if linked.len() == 1 {
                // A change of the learner's text dirties a few units, and the others are taken as they were. The 256 units of an
                // incremental compile are for larger programs: here, most would hold next to nothing, and each costs the linker.
                add("-Ccodegen-units=16");
            }
        }
    }
    if let Unit::Library(exercise) = unit
        && !exercise.clippy.is_empty()
    {
        add("-Aclippy::all");
        for lint in &exercise.clippy {
            add(&format!("-Dclippy::{lint}"));
        }
    }
    args.push(joined("-Ldependency=", &dependencies.folder));
    let mut link = |name: &str, path: &Path| {
        args.push("--extern".into());
        args.push(joined(&format!("{name}="), path));
    };
    for (name, path) in &dependencies.crates {
        link(name, path);
    }
    for Linked { name, library, .. } in unit.libraries() {
        link(name, library);
    }
    if unit.linked().is_some() {
        link("testkit", &dependencies.testkit);
        if matches!(unit, Unit::HiddenTests(_))
            && let Some(bundle) = &dependencies.bundle
        {
            link(BUNDLE, bundle);
            args.push("-Cprefer-dynamic".into());
            args.extend(look_for_libraries(&bench.shared_libraries()));
        }
    }
    for beside in unit.libraries().iter().filter_map(|linked| linked.beside.as_deref()) {
        args.push(joined("-Ldependency=", beside));
    }
    args
}

fn joined(prefix: &str, path: &Path) -> OsString {
    let mut text = OsString::from(prefix);
    text.push(path);
    text
}
