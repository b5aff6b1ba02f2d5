//! Which compiler grades: its real path (not rustup's proxy, which costs every call some 15 ms) and its version.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::grader::child::process::{self, Ended, Spec, Stream};
use crate::grader::store::home::Home;
use crate::system::compiler::{SEARCHED, executable};
use crate::verdict::Broken;

/// A Rust toolchain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Toolchain {
    /// `rustc -vV`, word for word: equal texts mean interchangeable compilers.
    pub(crate) version: String,
    /// Where `bin/rustc` and its libraries are.
    pub(crate) sysroot: PathBuf,
}

/// Names the compiler that grades, when it is not `rustc` on the search path.
const OVERRIDE: &str = "TOKIOLINGS_RUSTC";

/// What was found last time, and how to tell that nothing has changed since.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Remembered {
    fingerprint: String,
    toolchain: Toolchain,
}

/// Asking rustup's proxy takes 50 ms; a first use may have to wait for a slow disk.
const LIMIT: Duration = Duration::from_secs(60);

impl Toolchain {
    /// Asks `rustc` on the search path, or the compiler that [`OVERRIDE`] names, or remembers its answer if no file that decides it has changed.
    pub(crate) async fn find(home: &Home) -> Result<Self, Broken> {
        let folder = home.folder("toolchain")?;
        let memory = folder.join("last.json");
        let named = std::env::var_os(OVERRIDE).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(named) = named.as_ref().filter(|named| !named.is_file()) {
            return Err(Broken {
                problem: format!("{OVERRIDE} names a compiler that is not there: {}", named.display()),
                remedy: format!("set {OVERRIDE} to the path of a `rustc`, or unset it"),
            });
        }
        let Some(proxy) = named.or_else(|| on_path("rustc")) else {
            return Err(no_rust("`rustc` is not on the PATH"));
        };
        if let Some(remembered) =
            fs::read(&memory).ok().and_then(|bytes| serde_json::from_slice::<Remembered>(&bytes).ok())
            && remembered.fingerprint == fingerprint(&proxy, &remembered.toolchain.sysroot)
        {
            return Ok(remembered.toolchain);
        }
        let version = ask(&proxy, &folder, "-vV").await?;
        let sysroot = PathBuf::from(ask(&proxy, &folder, "--print=sysroot").await?.trim());
        let toolchain = Self { version, sysroot };
        let remembered = Remembered { fingerprint: fingerprint(&proxy, &toolchain.sysroot), toolchain };
        if let Ok(json) = serde_json::to_vec(&remembered) {
            // Only a shortcut: without it the next start asks again.
            let _ = crate::grader::store::files::write_whole(&memory, &json);
        }
        Ok(remembered.toolchain)
    }

    /// One of its programs: `rustc`, `cargo`, `clippy-driver`.
    pub(crate) fn program(&self, name: &str) -> OsString {
        let path = self.sysroot.join("bin").join(executable(name));
        // A toolchain put together by a distribution may keep cargo elsewhere.
        if path.is_file() { path.into() } else { name.into() }
    }

    /// Where its standard library is, as a shared one.
    pub(crate) fn libraries(&self) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(self.host()).join("lib")
    }

    /// The machine that it runs on, as Rust names it.
    pub(crate) fn host(&self) -> &str {
        self.version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default()
    }

    /// Where its programs find their shared libraries.
    pub(crate) fn search_path(&self) -> OsString {
        let mut path = self.sysroot.join("lib").into_os_string();
        path.push(SEARCHED);
        path.push(self.libraries());
        path
    }

    /// The program that a C compiler takes for the linker, where Rust brings one along. It looks for the linker itself beside
    /// its own file, which it finds through `/proc`.
    fn linker_wrapper(&self) -> Option<PathBuf> {
        let wrapper = self.libraries().with_file_name("bin").join("gcc-ld/ld.lld");
        wrapper.is_file().then_some(wrapper)
    }

    /// The link by which it finds its own file where there is no `/proc`.
    pub(crate) fn linker_link(&self) -> Vec<(PathBuf, PathBuf)> {
        self.linker_wrapper().map(|wrapper| ("/proc/self/exe".into(), wrapper)).into_iter().collect()
    }

    /// What the memory allocator of its compiler asks the kernel: whether memory is found when it is first used. Where it gets no
    /// answer it asks for each piece, which takes a tenth of a compile.
    pub(crate) fn asked_for() -> Vec<PathBuf> {
        vec!["/proc/sys/vm/overcommit_memory".into()]
    }

    /// Whether it has that program.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.sysroot.join("bin").join(executable(name)).is_file() || on_path(name).is_some()
    }
}

async fn ask(rustc: &Path, cwd: &Path, question: &str) -> Result<String, Broken> {
    let mut answer = Vec::new();
    let mut complaint = Vec::new();
    let spec = Spec {
        program: rustc.into(),
        args: vec![question.into()],
        env: std::env::vars_os().collect(),
        cwd: cwd.to_owned(),
        limit: LIMIT,
        ..Spec::default()
    };
    let outcome = process::run(spec, &mut |stream, bytes| match stream {
        Stream::Out => answer.extend_from_slice(bytes),
        Stream::Err => complaint.extend_from_slice(bytes),
    })
    .await
    .map_err(|error| no_rust(&error.to_string()))?;
    match outcome.end {
        Ended::Exited(0) => Ok(String::from_utf8_lossy(&answer).into_owned()),
        _ => Err(refused(question, &String::from_utf8_lossy(&complaint))),
    }
}

/// Why rustup, or a compiler, did not answer. Of a long complaint the first lines are enough, and of a backtrace none.
fn refused(question: &str, complaint: &str) -> Broken {
    let lines = complaint.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let said: Vec<&str> = lines.take_while(|line| !is_backtrace(line)).take(3).collect();
    let problem = format!("`rustc {question}` failed: {}", said.join("\n"));
    let named = |start: &str| complaint.split_once(start).and_then(|(_, rest)| rest.split_once('\''));
    match named("toolchain '").filter(|(_, rest)| rest.trim_start().starts_with("is not installed")) {
        Some((name, _)) => {
            Broken { problem, remedy: format!("run `rustup toolchain install {name}`, then try again") }
        }
        None if complaint.contains("no default is configured") => {
            Broken { problem, remedy: "run `rustup default stable`, then try again".to_owned() }
        }
        None => no_rust(&problem),
    }
}

fn is_backtrace(line: &str) -> bool {
    let line = line.trim_start();
    line.to_ascii_lowercase().starts_with("stack backtrace") || line.starts_with("0: ")
}

fn no_rust(problem: &str) -> Broken {
    Broken {
        problem: format!("no working Rust compiler: {problem}"),
        remedy: "install Rust from https://rustup.rs, then open a new terminal".to_owned(),
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(executable(name)))
        .find(|candidate| candidate.is_file())
}

/// Everything that decides which compiler answers: the program called, rustup's choice, the compiler chosen.
fn fingerprint(proxy: &Path, sysroot: &Path) -> String {
    let rustup = std::env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".rustup")));
    let settings = rustup.map(|rustup| stamp(&rustup.join("settings.toml"))).unwrap_or_default();
    let chosen = std::env::var_os("RUSTUP_TOOLCHAIN").unwrap_or_default();
    format!(
        "{proxy:?} {} {chosen:?} {settings} {}",
        stamp(proxy),
        stamp(&sysroot.join("bin").join(executable("rustc")))
    )
}

fn stamp(path: &Path) -> String {
    let Ok(data) = fs::metadata(path) else { return "none".to_owned() };
    let modified = data.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    format!("{}+{}", modified.as_nanos(), data.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_is_not_installed_is_named_with_the_command_for_it() {
        let complaint = "error: toolchain '1.80.0-x86_64-unknown-linux-gnu' is not installed\nhelp: run x\n\nStack backtrace:\n   0: \
                         anyhow::error::new\n   1: rustup::main\n";
        let broken = refused("-vV", complaint);
        assert_eq!(
            broken.remedy,
            "run `rustup toolchain install 1.80.0-x86_64-unknown-linux-gnu`, then try again"
        );
        assert!(broken.problem.ends_with("is not installed\nhelp: run x"), "{}", broken.problem);
    }

    #[test]
    fn without_a_default_rustup_is_given_one() {
        let complaint = "error: rustup could not choose a version of rustc to run, because one wasn't specified explicitly, and no \
                         default is configured.\nhelp: run 'rustup default stable' to download it";
        assert!(refused("-vV", complaint).remedy.contains("rustup default stable"));
        assert!(refused("-vV", "error: something else").remedy.contains("install Rust"));
    }
}
