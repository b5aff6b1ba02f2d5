//! What exercises may use, built once: one package of the workbook's dependencies and testkit, built by cargo, tier
//! by tier, and used by every grading through the artifact paths that cargo names.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::cache::write_whole;
use super::cargo_home;
use super::home::{Home, unwritable};
use super::process::{self, Ended, Priority, Spec, Stream};
use super::remedy;
use super::scratch::remove_tree;
use super::toolchain::Toolchain;
use super::{Activity, Watcher, environment};
use crate::verdict::Broken;
use crate::workbook::Workbook;

/// What cargo built for one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Built {
    /// Names the compiler, the lock file and testkit that these artifacts come from.
    pub(crate) id: String,
    /// The crates that a submission may name, with their artifacts.
    pub(crate) crates: BTreeMap<String, PathBuf>,
    /// testkit's artifact, for hidden tests only.
    pub(crate) testkit: PathBuf,
    /// Where those find the crates that they use themselves.
    pub(crate) folder: PathBuf,
    /// All of them and testkit in one shared library, where the system has such.
    pub(crate) bundle: Option<PathBuf>,
    /// The file in which this is remembered.
    pub(crate) memory: PathBuf,
}

/// The tiers that this process has seen built.
#[derive(Default)]
pub(crate) struct Dependencies {
    ready: Mutex<BTreeMap<Option<String>, Arc<Built>>>,
    /// Held while building: cargo would lock the folder against itself anyway.
    building: tokio::sync::Mutex<()>,
}

/// What is to be built, with what, and who is told how it goes on.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) workbook: &'a Workbook,
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) tier: Option<&'a str>,
    pub(crate) priority: Priority,
    pub(crate) watch: Watcher<'a>,
}

/// The base tier takes 15 s on a laptop; a slow machine on a slow line gets a hundred times that.
const LIMIT: Duration = Duration::from_secs(30 * 60);

/// The package that depends on all there is.
const PACKAGE: &str = "tokiolings-workbook";

/// Its library: linking a test program against one shared library is a fifth cheaper than against twenty archives.
pub(crate) const BUNDLE: &str = "tokiolings_workbook";

/// The same settings as in the workspace's own manifest, so that both can share what is built.
const PROFILE: &str = "[profile.dev]\ndebug = 0\nincremental = false\n";

/// Cargo's target folder, below that of the package.
const TARGET: &str = "target";

/// Where cargo builds what exercises of this workbook may use, if the user's own cargo would build the same there; a build
/// with other settings would take the place of ours.
pub(crate) fn target_folder(home: &Home, workbook: &Workbook, toolchain: &Toolchain) -> Option<PathBuf> {
    cargo_home::users_that_fits()?;
    Some(home.path().join("dependencies").join(Package::new(workbook, toolchain).id).join(TARGET))
}

impl Dependencies {
    /// The artifacts of a tier, built now if they are not there yet.
    pub(crate) async fn get(&self, home: &Home, order: Order<'_>) -> Result<Arc<Built>, Broken> {
        let Order { workbook, toolchain, tier, .. } = order;
        let key = tier.map(str::to_owned);
        if let Some(built) = self.known(&key) {
            return Ok(built);
        }
        let _building = self.building.lock().await;
        if let Some(built) = self.known(&key) {
            return Ok(built);
        }
        let package = Package::new(workbook, toolchain);
        let folder = home.folder(&format!("dependencies/{}", package.id))?;
        let memory = folder.join(format!("built-{}.json", tier.unwrap_or("base")));
        let built = match remembered(&memory) {
            Some(built) => built,
            None => {
                let _lock = lock(&folder).await?;
                match remembered(&memory) {
                    Some(built) => built,
                    None => {
                        let built =
                            Built { memory: memory.clone(), ..package.build(home, &folder, order).await? };
                        let json = serde_json::to_vec(&built).expect("paths and names are valid JSON");
                        write_whole(&memory, &json).map_err(|error| unwritable(&memory, &error))?;
                        built
                    }
                }
            }
        };
        let built = Arc::new(built);
        self.ready.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&built));
        Ok(built)
    }

    /// What this process has seen built. It is looked at again each time: the folder may be deleted at any time.
    fn known(&self, key: &Option<String>) -> Option<Arc<Built>> {
        let built = self.ready.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned();
        built.filter(|built| built.is_whole())
    }
}

/// What an earlier process built, unless some of it has been deleted since.
fn remembered(memory: &Path) -> Option<Built> {
    let built: Built = serde_json::from_slice(&fs::read(memory).ok()?).ok()?;
    built.is_whole().then_some(built)
}

impl Built {
    /// Whether all that a compiler is told of is still there.
    fn is_whole(&self) -> bool {
        let named =
            self.crates.values().chain([&self.testkit, &self.folder, &self.memory]).chain(&self.bundle);
        named.into_iter().all(|path| path.exists())
    }

    /// Removes all of it, so that it is built anew the next time.
    pub(crate) fn discard(&self) {
        // What cannot be removed stays, and the next grading finds the same fault.
        let _ = fs::remove_file(&self.memory);
        let _ = remove_tree(&self.memory.with_file_name(TARGET));
    }
}

/// Waits until no other process builds here.
async fn lock(folder: &Path) -> Result<File, Broken> {
    let path = folder.join("lock");
    let file = File::create(&path).map_err(|error| unwritable(&path, &error))?;
    tokio::task::spawn_blocking(move || file.lock().map(|()| file))
        .await
        .map_err(std::io::Error::other)
        .and_then(|locked| locked)
        .map_err(|error| unwritable(&path, &error))
}

/// How the package becomes a shared library. For this last crate alone: the others are compiled as `cargo run` in a
/// workspace compiles them.
const SHARED: &[&str] = crate::system::compiler::SHARED;

struct Package {
    id: String,
    manifest: String,
    library: String,
    bundled: bool,
}

impl Package {
    fn new(workbook: &Workbook, toolchain: &Toolchain) -> Self {
        // The C library of musl targets is linked statically, and so cannot be shared.
        let bundled = !toolchain.version.contains("-musl");
        let kind = if bundled { "dylib" } else { "lib" };
        let (dependencies, features) = workbook.dependencies.features_toml();
        let manifest = format!(
            "[package]\nname = \"{PACKAGE}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[lib]\npath = \"lib.rs\"\ncrate-type = [\"{kind}\"]\n\n\
             [dependencies]\n{dependencies}testkit = {{ path = \"testkit\" }}\n\n[features]\n{features}\n{PROFILE}"
        );
        let mut hasher = blake3::Hasher::new();
        hasher.update(toolchain.version.as_bytes());
        hasher.update(toolchain.sysroot.as_os_str().as_encoded_bytes());
        hasher.update(manifest.as_bytes());
        hasher.update(workbook.dependencies.lock.as_deref().unwrap_or_default().as_bytes());
        // Cargo builds anew what comes from another path.
        hasher.update(cargo_home::users_that_fits().unwrap_or_default().as_os_str().as_encoded_bytes());
        for arg in SHARED {
            hasher.update(arg.as_bytes());
        }
        for (path, text) in &workbook.testkit {
            hasher.update(path.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
        }
        let id = hasher.finalize().to_hex()[..16].to_owned();
        Self { id, manifest, library: library(workbook), bundled }
    }

    fn write(&self, folder: &Path, workbook: &Workbook) -> Result<(), Broken> {
        let write = |below: &str, text: &str| {
            let path = folder.join(below);
            let parent = path.parent().expect("a file below a folder has a parent");
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&path, text))
                .map_err(|error| unwritable(&path, &error))
        };
        write("Cargo.toml", &self.manifest)?;
        write("lib.rs", &self.library)?;
        if let Some(lock) = &workbook.dependencies.lock {
            write("Cargo.lock", lock)?;
        }
        for (path, text) in &workbook.testkit {
            write(&format!("testkit/{path}"), text)?;
        }
        Ok(())
    }

    async fn build(&self, home: &Home, folder: &Path, order: Order<'_>) -> Result<Built, Broken> {
        let Order { workbook, toolchain, tier, priority, watch } = order;
        self.write(folder, workbook)?;
        let mut args: Vec<OsString> =
            ["rustc", "--lib", "--message-format=json", "--color=never", "--manifest-path"]
                .map(Into::into)
                .into();
        args.push(folder.join("Cargo.toml").into());
        args.push("--target-dir".into());
        args.push(folder.join(TARGET).into());
        if workbook.dependencies.lock.is_some() {
            args.push("--locked".into());
        }
        if let Some(tier) = tier {
            args.push(format!("--features={tier}").into());
        }
        if self.bundled {
            args.push("--".into());
            args.extend(SHARED.iter().map(Into::into));
        }
        let mut env = environment::cargo();
        env.push(("RUSTC".into(), toolchain.program("rustc")));
        env.push(("CARGO_HOME".into(), cargo_home::prepare(home)?.into()));
        let spec = Spec {
            program: toolchain.program("cargo"),
            args,
            env,
            // Cargo also reads the configurations of all folders above the one that it runs in.
            cwd: folder.ancestors().last().unwrap_or(folder).to_owned(),
            limit: LIMIT,
            priority,
            ..Spec::default()
        };
        let mut artifacts = Artifacts::default();
        let mut lines = Lines::default();
        let mut complaint = super::output::Capped::default();
        let outcome = process::run(spec, &mut |stream, bytes| match stream {
            Stream::Out => lines.push(bytes, &mut |line| artifacts.read(line, watch)),
            Stream::Err => complaint.push(bytes),
        })
        .await
        .map_err(|error| Broken {
            problem: format!("cannot build the exercises' dependencies: failed to {error}"),
            remedy: "install Rust from https://rustup.rs, then open a new terminal".to_owned(),
        })?;
        if outcome.end != Ended::Exited(0) {
            return Err(explain(&complaint.into_text(), &artifacts.errors, folder));
        }
        let crates = workbook.dependencies.crates_for(tier);
        let built = artifacts.finish(self.id.clone(), &crates, folder)?;
        if self.bundled { keep_bundle(built, folder, tier) } else { Ok(Built { bundle: None, ..built }) }
    }
}

/// Cargo gives every tier's bundle the same name: each is kept in a folder of its own.
fn keep_bundle(built: Built, folder: &Path, tier: Option<&str>) -> Result<Built, Broken> {
    let Some(made) = &built.bundle else { return Ok(built) };
    let folder = folder.join("bundles").join(tier.unwrap_or("base"));
    let kept = folder.join(made.file_name().unwrap_or(made.as_os_str()));
    fs::create_dir_all(&folder)
        .and_then(|()| fs::copy(made, &kept))
        .map_err(|error| unwritable(&kept, &error))?;
    // What Microsoft's linker reads in place of the library itself.
    let names = made.with_extension("dll.lib");
    if names.is_file() {
        let kept = kept.with_extension("dll.lib");
        fs::copy(&names, &kept).map_err(|error| unwritable(&kept, &error))?;
    }
    Ok(Built { bundle: Some(kept), ..built })
}

/// The source of the package: it holds what it depends on, tier by tier.
fn library(workbook: &Workbook) -> String {
    let import = |name: &str| format!("pub use {};\n", name.replace('-', "_"));
    let base = workbook.dependencies.base.iter().map(|dependency| import(&dependency.name));
    let mut text: String = base.chain([import("testkit")]).collect();
    for (tier, members) in &workbook.dependencies.tiers {
        for member in members {
            text.push_str(&format!("#[cfg(feature = \"{tier}\")]\n{}", import(&member.name)));
        }
    }
    text
}

/// What cargo's messages say it built.
#[derive(Default)]
struct Artifacts {
    by_crate: BTreeMap<String, PathBuf>,
    built: usize,
    errors: String,
}

impl Artifacts {
    fn read(&mut self, line: &[u8], watch: Watcher<'_>) {
        let Ok(message) = serde_json::from_slice::<cargo_metadata::Message>(line) else { return };
        match message {
            cargo_metadata::Message::CompilerArtifact(artifact) => {
                self.built += 1;
                // Cargo spells a package `tokio-util`, Rust imports it as `tokio_util`.
                let name = artifact.target.name.replace('-', "_");
                watch(Activity::Preparing { built: self.built, crate_name: name.clone() });
                let library = artifact
                    .filenames
                    .iter()
                    .find(|path| matches!(path.extension(), Some("rlib" | "so" | "dylib" | "dll")));
                if let Some(path) = library {
                    self.by_crate.insert(name, path.clone().into_std_path_buf());
                }
            }
            cargo_metadata::Message::CompilerMessage(message)
                if message.message.level == cargo_metadata::diagnostic::DiagnosticLevel::Error =>
            {
                self.errors.push_str(message.message.rendered.as_deref().unwrap_or(&message.message.message));
            }
            _ => {}
        }
    }

    fn finish(mut self, id: String, crates: &[String], folder: &Path) -> Result<Built, Broken> {
        let mut take = |name: &str| {
            self.by_crate.remove(name).ok_or_else(|| Broken {
                problem: format!("cargo built no library `{name}`"),
                remedy: format!(
                    "check that the dependency of that name in exercises/workbook.toml is a library under this name, then delete {}",
                    folder.display()
                ),
            })
        };
        let testkit = take("testkit")?;
        let bundle = take(BUNDLE).ok();
        let crates =
            crates.iter().map(|name| Ok((name.clone(), take(name)?))).collect::<Result<_, Broken>>()?;
        let folder = testkit.with_file_name("deps");
        let folder =
            if folder.is_dir() { folder } else { testkit.parent().map(Path::to_owned).unwrap_or_default() };
        Ok(Built { id, crates, testkit, folder, bundle, memory: PathBuf::new() })
    }
}

/// Cargo's complaint → what the machine lacks.
fn explain(stderr: &str, errors: &str, folder: &Path) -> Broken {
    let all = format!("{stderr}\n{errors}");
    let has = |needles: &[&str]| needles.iter().any(|needle| all.contains(needle));
    let remedy = if let Some(remedy) = remedy::remedy(&all, folder) {
        remedy
    } else if has(&[
        "failed to download",
        "Could not resolve host",
        "Couldn't connect",
        "failed to query replaced source",
        "spurious network error",
        "failed to get `",
        "offline",
        "download of config.json failed",
        "Couldn't resolve host",
    ]) {
        "connect to the network and try again; it is needed once, to download Tokio".to_owned()
    } else if has(&["lock file", "--locked"]) {
        "run `cargo generate-lockfile` for the workbook's dependencies, or delete exercises/workbook.lock"
            .to_owned()
    } else {
        format!("run `cargo build` in {} to see it in full", folder.display())
    };
    let lines: Vec<&str> = all.lines().filter(|line| !line.trim().is_empty()).collect();
    // Progress comes first, the reason last.
    let reason = lines
        .iter()
        .position(|line| line.starts_with("error"))
        .map_or(&lines[lines.len().saturating_sub(8)..], |at| &lines[at..]);
    let reason = reason.iter().take(8).copied().collect::<Vec<_>>().join("\n");
    Broken { problem: format!("cargo could not build the exercises' dependencies:\n{reason}"), remedy }
}

/// Splits a stream into lines.
#[derive(Debug, Default)]
pub(super) struct Lines {
    rest: Vec<u8>,
}

/// A longer line is not a message that anyone waits for.
const MAX_LINE: usize = 8 << 20;

impl Lines {
    /// Takes in the next bytes and hands on every line that they complete.
    pub(super) fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(&[u8])) {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            if self.rest.len() + piece.len() <= MAX_LINE {
                self.rest.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                each(self.rest.strip_suffix(b"\n").unwrap_or(&self.rest));
                self.rest.clear();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_whole_however_they_are_cut() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        for piece in ["on", "e\ntw", "o\n\nth"] {
            lines.push(piece.as_bytes(), &mut |line| seen.push(String::from_utf8_lossy(line).into_owned()));
        }
        assert_eq!(seen, ["one", "two", ""]);
    }

    #[test]
    fn what_cargo_complains_about_has_a_remedy() {
        let folder = Path::new("home");
        let cases = [
            ("error: linker `cc` not found", "install a C compiler"),
            ("error: failed to download from x\n\nCaused by:\n  Could not resolve host", "network"),
        ];
        for (complaint, remedy) in cases {
            let broken = explain(complaint, "", folder);
            assert!(broken.remedy.contains(remedy), "{complaint}: {broken:?}");
            assert!(broken.problem.contains(complaint.lines().next().unwrap()), "{broken:?}");
        }
    }
}
