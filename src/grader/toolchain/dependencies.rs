//! What exercises may use, built once: one package of the workbook's dependencies and testkit, built by cargo, tier
//! by tier, and used by every grading through the artifact paths that cargo names.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::cargo::{MANIFEST, Order, cargo, explain, no_cargo};
use super::walled_build::{self, Site};
use super::{Toolchain, cargo_home};
use crate::grader::activity::{Activity, Watcher};
use crate::grader::child::lines::Lines;
use crate::grader::child::output::Capped;
use crate::grader::child::process::{self, Ended, Stream};
use crate::grader::store::files::{self, write_whole};
use crate::grader::store::home::{Home, to_lock, unwritable};
use crate::grader::store::scratch::remove_tree;
use crate::grader::walls::Confinement;
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
    Some(home.path().join("dependencies").join(Package::new(workbook, toolchain, None).id).join(TARGET))
}

impl Dependencies {
    /// The artifacts of a tier, built now if they are not there yet.
    pub(crate) async fn get(&self, home: &Home, order: Order<'_>) -> Result<Arc<Built>, Broken> {
        let Order { workbook, toolchain, tier, confinement, .. } = order;
        let key = tier.map(str::to_owned);
        if let Some(built) = self.known(&key) {
            return Ok(built);
        }
        let _building = self.building.lock().await;
        if let Some(built) = self.known(&key) {
            return Ok(built);
        }
        // Ours are built as for learners, once for both.
        let confinement = confinement.filter(|_| !workbook.has_builtin_dependencies());
        let order = Order { confinement, ..order };
        let package = Package::new(workbook, toolchain, confinement);
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
        self.paths().chain([&self.memory]).all(|path| path.exists())
    }

    fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.crates.values().chain([&self.testkit, &self.folder]).chain(&self.bundle)
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
    let file = to_lock(&path).map_err(|error| unwritable(&path, &error))?;
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
    fn new(workbook: &Workbook, toolchain: &Toolchain, confinement: Option<&Confinement>) -> Self {
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
        let home = match confinement {
            Some(_) => "behind walls".into(),
            None => cargo_home::users_that_fits().unwrap_or_default(),
        };
        hasher.update(home.as_os_str().as_encoded_bytes());
        for arg in SHARED {
            hasher.update(arg.as_bytes());
        }
        for (path, text) in &workbook.testkit {
            hasher.update(path.as_bytes()).update(&[0]).update(text.as_bytes()).update(&[0]);
        }
        let id = hasher.finalize().to_hex()[..16].to_owned();
        Self { id, manifest, library: library(workbook), bundled }
    }

    /// What is there already stays as it is: cargo builds again what is newer than its artifacts, and takes testkit's away from
    /// gradings that use another tier.
    fn write(&self, folder: &Path, workbook: &Workbook) -> Result<(), Broken> {
        files::write(&folder.join(MANIFEST), &self.manifest)?;
        files::write(&folder.join("lib.rs"), &self.library)?;
        if let Some(lock) = &workbook.dependencies.lock {
            files::write(&folder.join("Cargo.lock"), lock)?;
        }
        for (path, text) in &workbook.testkit {
            files::write(&folder.join("testkit").join(path), text)?;
        }
        Ok(())
    }

    async fn build(&self, home: &Home, folder: &Path, order: Order<'_>) -> Result<Built, Broken> {
        let Order { workbook, toolchain, tier, confinement, watch, .. } = order;
        self.write(folder, workbook)?;
        let target = folder.join(TARGET);
        let spec = cargo(home, folder, order, self.arguments(folder, order))?;
        let site =
            confinement.map(|confinement| Site { home, toolchain, confinement, folder, target: &target });
        let spec = match &site {
            None => spec,
            Some(site) => site.enclose(spec, walled_build::fetch(home, folder, order).await?)?,
        };
        let mut artifacts = Artifacts::default();
        let mut lines = Lines::default();
        let mut complaint = Capped::default();
        let outcome = process::run(spec, &mut |stream, bytes| match stream {
            Stream::Out => lines.push(bytes, &mut |line| artifacts.read(line, watch)),
            Stream::Err => complaint.push(bytes),
        })
        .await
        .map_err(|error| no_cargo(&error))?;
        if outcome.end != Ended::Exited(0) {
            return Err(explain(&complaint.into_text(), &artifacts.errors, folder, site.is_some()));
        }
        let crates = workbook.dependencies.crates_for(tier);
        let built = artifacts.finish(self.id.clone(), &crates, folder)?;
        if let Some(site) = &site {
            site.take_over(built.paths())?;
        }
        if self.bundled { keep_bundle(built, folder, tier) } else { Ok(Built { bundle: None, ..built }) }
    }

    fn arguments(&self, folder: &Path, order: Order<'_>) -> Vec<OsString> {
        let mut args: Vec<OsString> =
            ["rustc", "--lib", "--message-format=json", "--color=never", "--manifest-path"]
                .map(Into::into)
                .into();
        args.push(folder.join(MANIFEST).into());
        args.push("--target-dir".into());
        args.push(folder.join(TARGET).into());
        if order.confinement.is_some() {
            args.push("--frozen".into());
        } else if order.workbook.dependencies.lock.is_some() {
            args.push("--locked".into());
        }
        if let Some(tier) = order.tier {
            args.push(format!("--features={tier}").into());
        }
        if self.bundled {
            args.push("--".into());
            args.extend(SHARED.iter().map(Into::into));
        }
        args
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::workbook::{sample_exercise, sample_workbook};

    #[test]
    fn what_is_there_already_does_not_look_newer() {
        let folder = tempfile::tempdir().unwrap();
        let mut workbook = sample_workbook(|name, _| sample_exercise(name, &["a"]));
        workbook.testkit = vec![("lib.rs".to_owned(), "//! One.\n".to_owned())];
        workbook.dependencies.lock = Some("version = 4\n".to_owned());
        let package = Package {
            id: "0".to_owned(),
            manifest: "[package]\n".to_owned(),
            library: "//! All.\n".to_owned(),
            bundled: false,
        };
        let files = [MANIFEST, "lib.rs", "Cargo.lock", "testkit/lib.rs"].map(|name| folder.path().join(name));
        package.write(folder.path(), &workbook).unwrap();
        for file in &files {
            File::options().write(true).open(file).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
        }
        workbook.testkit[0].1 = "//! Two.\n".to_owned();
        package.write(folder.path(), &workbook).unwrap();
        let is_old =
            |file: &PathBuf| fs::metadata(file).unwrap().modified().unwrap() == SystemTime::UNIX_EPOCH;
        assert_eq!(files.each_ref().map(is_old), [true, true, true, false]);
        assert_eq!(fs::read_to_string(&files[3]).unwrap(), "//! Two.\n");
    }
}
