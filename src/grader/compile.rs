//! One run of `rustc`.

use std::ffi::OsString;
use std::path::Path;

use super::build::Grading;
use super::confine::{self, Limits, Walls};
use super::dependencies::{BUNDLE, Lines};
use super::environment;
use super::output::Capped;
use super::process::{self, Ended, Spec};
use super::rustc_json::{HIDDEN_FILE, Message};
use crate::verdict::{Broken, CompileEnd, Compiled, Diagnostic};

/// What to make of the submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// The learner's file as the library `exercise`.
    Library,
    /// The learner's file as a program.
    Program,
    /// The hidden tests against the library.
    HiddenTests,
}

/// Diagnostics beyond these say nothing new, and a macro can make thousands.
const MAX_DIAGNOSTICS: usize = 50;

impl Unit {
    /// The folder that it is compiled in, below the build folder. The submission's compiler sees no other: the hidden
    /// tests are not for `include_str!`.
    pub(super) fn folder(self) -> &'static str {
        match self {
            Self::Library | Self::Program => "submission",
            Self::HiddenTests => "hidden",
        }
    }

    /// The name of what it writes, below its folder.
    pub(super) fn output(self) -> &'static str {
        match self {
            Self::Library => "libexercise.rlib",
            Self::Program => "program",
            Self::HiddenTests => "hidden_tests",
        }
    }
}

/// Compiles one unit in the build folder `slot`.
pub(super) async fn compile(grading: &Grading<'_>, slot: &Path, unit: Unit) -> Result<Compiled, Broken> {
    let _core = grading.compilers.acquire().await.expect("the semaphore is never closed");
    let mut messages: Vec<Message> = Vec::new();
    let mut lines = Lines::default();
    let mut text = Capped::default();
    let driver = driver(grading, unit)?;
    let folder = slot.join(unit.folder());
    let mut spec = Spec {
        program: grading.toolchain.program(driver),
        args: arguments(grading, unit),
        env: environment::compiler(),
        cwd: folder.clone(),
        merged: true,
        limit: grading.options.compile_limit,
        ..Spec::default()
    };
    if let Some(confinement) = &grading.options.confinement {
        // The linker's temporary files go where it may write.
        spec.env.retain(|(name, _)| name != "TMPDIR");
        spec.env.push(("TMPDIR".into(), folder.clone().into()));
        spec = confinement.enclose(&walls(grading, slot, unit), spec);
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
        remedy: "reinstall Rust with `rustup toolchain install stable --force`".to_owned(),
    })?;
    if let Some(broken) =
        messages.iter().filter_map(Message::without_code).find_map(|said| machine_fault(unit, said))
    {
        return Err(broken);
    }
    let end = match outcome.end {
        Ended::Exited(0) => CompileEnd::Succeeded,
        Ended::Exited(1) if messages.iter().any(Message::is_error) => CompileEnd::Failed,
        Ended::Exited(code) => CompileEnd::Crashed(crash(&format!("ended with exit code {code}"), text)),
        Ended::Signalled(signal) => {
            CompileEnd::Crashed(crash(&format!("was killed by signal {signal}"), text))
        }
        Ended::TimedOut(_) => CompileEnd::TimedOut(grading.options.compile_limit),
    };
    Ok(Compiled { end, diagnostics: diagnostics(unit, &messages), took: outcome.took })
}

/// A compiler reads the toolchain, the dependencies and its own folder, and writes only the last.
fn walls(grading: &Grading<'_>, slot: &Path, unit: Unit) -> Walls {
    let mut read = confine::system_libraries();
    read.push(grading.dependencies.folder.clone());
    read.extend(grading.dependencies.crates.values().cloned());
    if unit == Unit::HiddenTests {
        read.push(grading.dependencies.testkit.clone());
        read.extend(grading.dependencies.bundle.clone());
        read.push(slot.join(Unit::Library.folder()));
    }
    let mut execute = confine::system_programs();
    execute.push(grading.toolchain.sysroot.clone());
    Walls {
        read,
        execute,
        write: vec![slot.join(unit.folder())],
        loopback: false,
        // A library needs no linker.
        children: unit != Unit::Library,
        limits: Limits::compiler(grading.options.compile_limit.as_secs()),
    }
}

fn diagnostics(unit: Unit, messages: &[Message]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = match unit {
        Unit::Library | Unit::Program => messages.iter().map(Message::of_submission).collect(),
        Unit::HiddenTests => messages.iter().filter(|m| m.is_error()).map(Message::of_hidden_tests).collect(),
    };
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
fn machine_fault(unit: Unit, message: &str) -> Option<Broken> {
    let remedy = if message.contains("linker `") && message.contains("not found") {
        "install a C compiler, which Rust links with: `apt install gcc`, `dnf install gcc`, or `xcode-select --install`"
    } else if ["No space left on device", "Disk quota exceeded", "os error 28"]
        .iter()
        .any(|m| message.contains(m))
    {
        "free some space on the disk"
    } else if ["Read-only file system", "Permission denied", "not writeable"]
        .iter()
        .any(|m| message.contains(m))
    {
        "set TOKIOLINGS_HOME to a folder that is writable"
    } else if unit == Unit::HiddenTests {
        // A submission that compiles cannot make the linker fail: what would is `unsafe`.
        "try again; if it stays, delete the folder that TOKIOLINGS_HOME names (or ~/.cache/tokiolings)"
    } else {
        return None;
    };
    Some(Broken { problem: format!("rustc: {message}"), remedy: remedy.to_owned() })
}

fn driver(grading: &Grading<'_>, unit: Unit) -> Result<&'static str, Broken> {
    if unit != Unit::Library || grading.exercise.clippy.is_empty() {
        return Ok("rustc");
    }
    if !grading.toolchain.has("clippy-driver") {
        return Err(Broken {
            problem: "this exercise is checked with clippy, which is not installed".to_owned(),
            remedy: "run `rustup component add clippy`".to_owned(),
        });
    }
    Ok("clippy-driver")
}

fn arguments(grading: &Grading<'_>, unit: Unit) -> Vec<OsString> {
    let exercise = grading.exercise;
    let dependencies = grading.dependencies;
    let mut args: Vec<OsString> = Vec::with_capacity(40);
    let mut add = |arg: &str| args.push(arg.into());
    match unit {
        Unit::Library => {
            add(&exercise.path());
            add("--crate-name=exercise");
            add("--crate-type=lib");
            add("--emit=metadata,link");
        }
        Unit::Program => {
            add(&exercise.path());
            add("--crate-name=program");
            add("--crate-type=bin");
            add("--emit=link");
        }
        Unit::HiddenTests => {
            add(HIDDEN_FILE);
            add("--crate-name=hidden_tests");
            add("--crate-type=bin");
            add("--emit=link");
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
    if grading.options.confinement.is_none() || unit == Unit::HiddenTests {
        add(&format!("-Cincremental=incremental-{}", unit.output()));
    }
    match unit {
        Unit::Library | Unit::Program => {
            // A library does not use its `main`, and a program may leave parts of the lesson unused.
            add("-Adead_code");
            if !exercise.allow_unsafe {
                add("-Funsafe_code");
            }
            for lint in &exercise.deny {
                add(&format!("-D{lint}"));
            }
        }
        Unit::HiddenTests => add("--cap-lints=allow"),
    }
    if unit == Unit::Library && !exercise.clippy.is_empty() {
        add("-Aclippy::all");
        for lint in &exercise.clippy {
            add(&format!("-Dclippy::{lint}"));
        }
    }
    args.push(joined("-Ldependency=", &dependencies.folder));
    for (name, path) in &dependencies.crates {
        args.push("--extern".into());
        args.push(joined(&format!("{name}="), path));
    }
    if unit == Unit::HiddenTests {
        args.push(
            format!("--extern=exercise=../{}/{}", Unit::Library.folder(), Unit::Library.output()).into(),
        );
        args.push("--extern".into());
        args.push(joined("testkit=", &dependencies.testkit));
        if let Some(bundle) = &dependencies.bundle {
            args.push("-Cprefer-dynamic".into());
            args.push("--extern".into());
            args.push(joined(&format!("{BUNDLE}="), bundle));
            for folder in grading.shared_libraries() {
                args.push(joined("-Clink-arg=-Wl,-rpath,", &folder));
            }
        }
    }
    args
}

fn joined(prefix: &str, path: &Path) -> OsString {
    let mut text = OsString::from(prefix);
    text.push(path);
    text
}
