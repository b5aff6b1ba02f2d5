//! The machine's trouble is told as the machine's: whatever breaks, the verdict is `broken` with a remedy that works when it
//! is typed, nothing is kept, and once the machine is mended the same text is graded as it should be.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "clippy takes only the `#[test]` functions of this file for tests")]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Where what exercises use is built once for all tests of this file.
fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("machine")
}

/// A learner's workspace, a compiler that can be broken, and the program to call.
struct Machine {
    folder: TempDir,
    home: PathBuf,
}

/// A verdict as JSON, and how the program ended.
struct Said {
    verdict: Value,
    code: Option<i32>,
    err: String,
}

impl Machine {
    fn new() -> Self {
        Self::with_home(home())
    }

    fn with_home(home: PathBuf) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), home };
        assert!(machine.call("exec \"$0\" init .", &[]).status.success());
        machine
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    /// Runs the program as a shell does that has been told `before`.
    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn call(&self, script: &str, env: &[(&str, &Path)]) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", script, env!("CARGO_BIN_EXE_tokiolings")]).current_dir(self.folder.path());
        command.env("TOKIOLINGS_HOME", &self.home).stdin(Stdio::null());
        for (name, value) in env {
            command.env(name, value);
        }
        command.output().unwrap()
    }

    fn grade(&self, before: &str, env: &[(&str, &Path)]) -> Said {
        let output = self.call(&format!("{before}\nexec \"$0\" run lazy_call --format json"), env);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        let line = output.stdout.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let verdict = serde_json::from_slice(line).unwrap_or(Value::Null);
        Said { verdict, code: output.status.code(), err }
    }

    /// Hands in the solution, with a remark that makes it a text of its own: no verdict on it is in the cache.
    fn solve(&self, remark: &str) {
        let solution = fs::read_to_string(root().join("solutions/01_inert_plans/lazy_call.rs")).unwrap();
        let unique = self.folder.path().display();
        let text = format!("{solution}\n// {remark} {unique}\n");
        fs::write(self.path("exercises/01_inert_plans/lazy_call.rs"), text).unwrap();
    }
}

impl Said {
    #[track_caller]
    fn is_broken_with(&self, remedy: &str) {
        let told = &self.verdict["broken"]["remedy"];
        assert_eq!(self.verdict["verdict"], "broken", "{:#} {}", self.verdict, self.err);
        assert!(told.as_str().is_some_and(|told| told.contains(remedy)), "{remedy} is not in {told}");
        assert_eq!(self.code, Some(3), "{}", self.err);
    }

    #[track_caller]
    fn is_passed(&self) {
        assert_eq!(self.verdict["verdict"], "passed", "{:#} {}", self.verdict, self.err);
        assert_eq!(self.code, Some(0));
    }
}

/// A compiler that does what the file `mood` beside it says: nothing special, or one kind of trouble.
struct Compiler {
    folder: PathBuf,
    path: PathBuf,
}

const STUB: &str = r#"#!/bin/sh
here=$(dirname "$0")
case "$*" in
    --print=sysroot) dirname "$here"; exit 0 ;;
    -vV) exec "$REAL" -vV ;;
esac
. "$here/../mood"
exec "$REAL" "$@"
"#;

impl Compiler {
    /// Always in the same folder, since what was built for another one is built again.
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sysroot");
        let real = PathBuf::from(asked("rustc", "--print=sysroot"));
        fs::create_dir_all(folder.join("bin")).unwrap();
        let stub = folder.join("bin/rustc");
        fs::write(&stub, STUB.replace("$REAL", &real.join("bin/rustc").display().to_string())).unwrap();
        fs::set_permissions(&stub, fs::Permissions::from_mode(0o755)).unwrap();
        for (link, to) in [("lib", real.join("lib")), ("bin/cargo", real.join("bin/cargo"))] {
            let _ = fs::remove_file(folder.join(link));
            symlink(to, folder.join(link)).unwrap();
        }
        let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
        let compiler = Self { folder, path: path.into() };
        compiler.is("");
        compiler
    }

    /// From now on this is done in place of compiling.
    fn is(&self, mood: &str) {
        fs::write(self.folder.join("mood"), mood).unwrap();
    }

    fn env(&self) -> [(&str, &Path); 1] {
        [("PATH", &self.path)]
    }
}

#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn asked(program: &str, question: &str) -> String {
    let output = Command::new(program).arg(question).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_compiler_that_crashes_is_never_the_learners_mistake() {
    let (machine, compiler) = (Machine::new(), Compiler::new());
    machine.solve("crash");
    let moods = [
        ("echo 'thread main panicked: failed to spawn helper thread' >&2; exit 101", "process"),
        (
            "echo 'error while loading shared libraries: librustc_driver.so: cannot open shared object file' >&2; exit 127",
            "try again",
        ),
        ("echo 'memory allocation of 4096 bytes failed' >&2; kill -ABRT $$", "memory"),
        ("kill -KILL $$", "try again"),
        (
            r#"echo '{"$message_type":"diagnostic","message":"only metadata stub found for `rlib` dependency `core`","code":null,"level":"error","spans":[{"file_name":"exercises/a.rs","line_start":1,"column_start":1,"is_primary":true,"label":null,"expansion":null}],"children":[],"rendered":"x"}'; exit 1"#,
            "memory",
        ),
        (
            r#"echo '{"$message_type":"diagnostic","message":"extern location for tokio does not exist: x","code":null,"level":"error","spans":[{"file_name":"exercises/a.rs","line_start":1,"column_start":1,"is_primary":true,"label":null,"expansion":null}],"children":[],"rendered":"x"}'; exit 1"#,
            "rebuilds the crates",
        ),
    ];
    for (mood, remedy) in moods {
        // What is built is built with a compiler that works.
        compiler.is("");
        machine.solve(&format!("warm {mood}"));
        machine.grade("", &compiler.env()).is_passed();
        machine.solve(mood);
        compiler.is(mood);
        machine.grade("", &compiler.env()).is_broken_with(remedy);
        compiler.is("");
        machine.grade("", &compiler.env()).is_passed();
    }
}

#[test]
fn a_compiler_that_crashes_on_one_text_alone_is_told_as_such() {
    let (machine, compiler) = (Machine::new(), Compiler::new());
    machine.solve("spoilt");
    compiler.is("grep -qs spoilt exercises/01_inert_plans/lazy_call.rs && { echo 'query stack during panic'; exit 101; }");
    let said = machine.grade("", &compiler.env());
    assert_eq!(said.verdict["verdict"], "does_not_compile", "{:#}", said.verdict);
    compiler.is("");
    machine.grade("", &compiler.env()).is_passed();
}

#[test]
fn a_compiler_that_was_named_and_is_not_there_is_told() {
    let machine = Machine::new();
    let nowhere = [("TOKIOLINGS_RUSTC", Path::new("/no/such/rustc"))];
    machine.solve("named");
    let said = machine.grade("", &nowhere);
    said.is_broken_with("set TOKIOLINGS_RUSTC to the path of a `rustc`, or unset it");
}

#[test]
fn a_text_that_names_a_crate_which_is_not_there_is_the_learners() {
    let machine = Machine::new();
    let path = machine.path("exercises/01_inert_plans/lazy_call.rs");
    let starter = fs::read_to_string(&path).unwrap();
    fs::write(&path, format!("{starter}\nextern crate nothing_of_that_name;\n")).unwrap();
    let said = machine.grade("", &[]);
    assert_eq!(said.verdict["verdict"], "does_not_compile", "{:#}", said.verdict);
    fs::write(&path, format!("{starter}\ncompile_error!(\"can't find crate for `core`\");\n")).unwrap();
    let said = machine.grade("", &[]);
    assert_eq!(said.verdict["verdict"], "does_not_compile", "{:#}", said.verdict);
}

#[test]
fn too_little_memory_for_the_compiler_is_named_with_its_limit() {
    let machine = Machine::new();
    machine.solve("memory warm");
    machine.grade("", &[]).is_passed();
    machine.solve("memory");
    machine.grade("ulimit -v 500000", &[]).is_broken_with("ulimit -v unlimited");
    machine.grade("", &[]).is_passed();
}

#[test]
fn few_open_files_are_raised_as_far_as_the_shell_allows() {
    let machine = Machine::new();
    machine.solve("files");
    machine.grade("ulimit -Sn 48", &[]).is_passed();
}

#[test]
fn a_missing_folder_for_temporary_files_is_named() {
    let machine = Machine::new();
    let nowhere = machine.path("it is not there");
    let said = machine.grade("", &[("TMPDIR", &nowhere)]);
    assert_eq!(said.code, Some(3));
    assert!(said.err.contains("mkdir -p") && said.err.contains("unset TMPDIR"), "{}", said.err);
    fs::create_dir(&nowhere).unwrap();
    machine.solve("temporary");
    machine.grade("", &[("TMPDIR", &nowhere)]).is_passed();
}

/// Everything at once that once spoilt a build: a target and a profile in the user's configuration of cargo, a comma and a
/// space in the folder's name. Then what was built is taken away in several ways, and found out each time.
#[test]
fn a_build_has_settings_of_its_own_and_is_made_anew_when_it_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let users = folder.path().join("users");
    fs::create_dir_all(&users).unwrap();
    let real = std::env::var_os("CARGO_HOME")
        .map_or_else(|| std::env::home_dir().unwrap().join(".cargo"), PathBuf::from);
    for shared in ["registry", "git"] {
        let _ = symlink(real.join(shared), users.join(shared));
    }
    let version = asked("rustc", "-vV");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let taken = fs::read_to_string(real.join("config.toml")).unwrap_or_default();
    let config = format!("{taken}\n[build]\ntarget = \"{host}\"\n[profile.dev]\npanic = \"abort\"\n");
    fs::write(users.join("config.toml"), config).unwrap();
    let machine = Machine::with_home(folder.path().join("a, b"));
    let env = [("CARGO_HOME", users.as_path())];
    machine.solve("settings");
    machine.grade("", &env).is_passed();

    let dependencies =
        fs::read_dir(machine.home.join("dependencies")).unwrap().next().unwrap().unwrap().path();
    let built = || dependencies.join("target/debug");
    // `cargo clean` of the learner's own cargo, which shares that folder.
    fs::remove_dir_all(dependencies.join("target")).unwrap();
    machine.solve("cleaned");
    machine.grade("", &env).is_passed();
    // A crate that another one needs.
    let needed = fs::read_dir(built().join("deps")).unwrap().flatten().map(|entry| entry.path());
    for path in needed.filter(|path| path.display().to_string().contains("pin_project_lite")) {
        fs::remove_file(path).unwrap();
    }
    machine.solve("one is missing");
    machine.grade("", &env).is_broken_with("try again");
    machine.grade("", &env).is_passed();
}

/// Needs the right to mount; where that is missing, says so and checks nothing.
#[test]
fn a_folder_that_forbids_execution_is_named() {
    let machine = Machine::new();
    machine.solve("noexec warm");
    machine.grade("", &[]).is_passed();
    machine.solve("noexec");
    let inside = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,noexec '{0}' || exit 77",
        home().display()
    );
    let script = format!("{inside}\nexec \"$0\" run lazy_call --format json");
    let quoted = script.replace('\'', "'\\''");
    let output =
        machine.call(&format!("exec unshare --mount --user --map-root-user sh -c '{quoted}' \"$0\""), &[]);
    if output.status.code() != Some(3) && output.stdout.is_empty() {
        println!("not checked: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let verdict: Value =
        serde_json::from_slice(output.stdout.split(|byte| *byte == b'\n').next().unwrap()).unwrap();
    assert_eq!(verdict["verdict"], "broken", "{verdict:#}");
    assert!(verdict["broken"]["remedy"].as_str().unwrap().contains("noexec"), "{verdict:#}");
    machine.grade("", &[]).is_passed();
}
