//! Dependencies that somebody else's workbook asks for, built behind walls: build scripts and macros run code of theirs.
//!
//! What needs the network comes first and runs no such code: cargo reads manifests and downloads. Then it builds without a
//! network, from copies that it can only read, and writes its target folder alone.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, MetadataCommand};

use super::Toolchain;
use super::cargo::{MANIFEST, Order, cargo, explain, no_cargo};
use super::cargo_home::{self, Offline};
use crate::grader::child::environment;
use crate::grader::child::output::Capped;
use crate::grader::child::process::{self, Ended, Spec, Stream};
use crate::grader::store::home::{Home, unwritable};
use crate::grader::walls::{self, Confinement, Limits, Walls};
use crate::verdict::Broken;

/// Downloads what will be built without a network. Gives the places of what is in no registry.
pub(super) async fn fetch(home: &Home, folder: &Path, order: Order<'_>) -> Result<Vec<PathBuf>, Broken> {
    let locked = order.workbook.dependencies.lock.is_some();
    let args = fetching(order.toolchain, &folder.join(MANIFEST), locked);
    let spec = cargo(home, folder, order, args)?;
    let mut printed = Vec::new();
    let mut complaint = Capped::default();
    let outcome = process::run(spec, &mut |stream, bytes| match stream {
        Stream::Out => printed.extend_from_slice(bytes),
        Stream::Err => complaint.push(bytes),
    })
    .await
    .map_err(|error| no_cargo(&error))?;
    if outcome.end != Ended::Exited(0) {
        return Err(explain(&complaint.into_text(), "", folder, false));
    }
    local(&printed)
}

/// The arguments of the call of cargo that downloads whatever a package can need on this machine, and prints what that is.
fn fetching(toolchain: &Toolchain, manifest: &Path, locked: bool) -> Vec<OsString> {
    let mut args = vec!["metadata", "--format-version=1", "--color=never", "--all-features"];
    args.extend(locked.then_some("--locked"));
    args.extend(["--filter-platform", toolchain.host(), "--manifest-path"]);
    let mut args: Vec<_> = args.into_iter().map(Into::into).collect();
    args.push(manifest.into());
    args
}

/// The places that packages of no registry are in, from what that call has printed: their folders, and the manifests above them,
/// which cargo asks for a workspace.
fn local(printed: &[u8]) -> Result<Vec<PathBuf>, Broken> {
    let metadata: Metadata =
        MetadataCommand::parse(String::from_utf8_lossy(printed)).map_err(|error| Broken {
            problem: format!("cannot read what cargo says about the exercises' dependencies: {error}"),
            remedy: "use the cargo that came with this Rust".to_owned(),
        })?;
    let mut places = BTreeSet::new();
    for package in metadata.packages.iter().filter(|package| package.source.is_none()) {
        let folder = package.manifest_path.as_std_path().parent().unwrap_or(Path::new("/"));
        places.insert(folder.to_owned());
        let above = folder.ancestors().skip(1).map(|folder| folder.join(MANIFEST));
        places.extend(above.filter(|manifest| manifest.is_file()));
    }
    Ok(places.into_iter().collect())
}

/// Where it is built.
pub(super) struct Site<'a> {
    pub(super) home: &'a Home,
    pub(super) toolchain: &'a Toolchain,
    pub(super) confinement: &'a Confinement,
    /// That of the package; it is only read.
    pub(super) folder: &'a Path,
    /// Cargo's target folder, which it writes.
    pub(super) target: &'a Path,
}

impl Site<'_> {
    /// The same call of cargo, behind walls. `local` are the places that it reads besides.
    pub(super) fn enclose(&self, spec: Spec, local: Vec<PathBuf>) -> Result<Spec, Broken> {
        let Self { home, toolchain, confinement, folder, target } = self;
        std::fs::create_dir_all(target)
            .and_then(|()| confinement.hand_over(target))
            .map_err(|error| unwritable(target, &error))?;
        let Offline { home: cargo, shown } = cargo_home::offline(home)?;
        let mut read = walls::system_libraries();
        read.push(folder.to_path_buf());
        read.push(cargo.clone());
        read.extend(shown);
        read.extend(local);
        let mut execute = walls::system_programs();
        execute.push(toolchain.sysroot.clone());
        execute.push(target.to_path_buf());
        let scratch = home.path().join("scratch");
        let mut env = environment::build();
        env.extend([
            ("RUSTC".into(), toolchain.program("rustc")),
            // Without `/proc` it does not know what it is.
            ("CARGO".into(), toolchain.program("cargo")),
            ("CARGO_HOME".into(), cargo.into()),
            ("HOME".into(), scratch.clone().into()),
            ("TMPDIR".into(), scratch.clone().into()),
            ("LD_LIBRARY_PATH".into(), toolchain.search_path()),
        ]);
        let walls = Walls {
            folder: folder.to_path_buf(),
            read,
            execute,
            write: vec![target.to_path_buf()],
            scratch,
            links: toolchain.linker_link(),
            copies: Toolchain::asked_for(),
            loopback: false,
            children: true,
            limits: Limits::build(spec.limit.as_secs()),
        };
        Ok(confinement.enclose(&walls, Spec { env, cwd: folder.to_path_buf(), ..spec }))
    }

    /// Takes what was built out of the hands of those who built it.
    ///
    /// # Errors
    /// One of these files lies elsewhere: a build script has put a link there, and whoever reads the file would read another one.
    pub(super) fn take_over<'p>(&self, built: impl Iterator<Item = &'p PathBuf>) -> Result<(), Broken> {
        self.confinement.take_back(self.target).map_err(|error| unwritable(self.target, &error))?;
        let target = self.target.canonicalize().map_err(|error| unwritable(self.target, &error))?;
        match elsewhere(&target, built) {
            None => Ok(()),
            Some(path) => Err(Broken {
                problem: format!(
                    "what cargo built is missing: {} leads out of its folder, and only a build script or a macro of \
                     the workbook's dependencies can have done that",
                    path.display()
                ),
                remedy: "remove that dependency from exercises/workbook.toml".to_owned(),
            }),
        }
    }
}

/// The first of these that does not really lie in a folder.
fn elsewhere<'p>(folder: &Path, mut paths: impl Iterator<Item = &'p PathBuf>) -> Option<&'p PathBuf> {
    paths.find(|path| !path.canonicalize().is_ok_and(|real| real.starts_with(folder)))
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_link_in_place_of_what_was_built_is_found_be_it_a_file_or_a_folder() {
        use std::fs;

        use super::elsewhere;

        let outer = tempfile::tempdir().unwrap();
        let outer = outer.path().canonicalize().unwrap();
        let target = outer.join("target");
        fs::create_dir_all(target.join("deps")).unwrap();
        fs::create_dir(outer.join("secret")).unwrap();
        for file in ["target/deps/a.rlib", "secret/a.rlib"] {
            fs::write(outer.join(file), "").unwrap();
        }
        std::os::unix::fs::symlink(outer.join("secret"), target.join("linked")).unwrap();
        std::os::unix::fs::symlink("../../secret/a.rlib", target.join("deps/b.rlib")).unwrap();
        let built = |below: &str| target.join(below);
        assert_eq!(elsewhere(&target, [built("deps"), built("deps/a.rlib")].iter()), None);
        for wrong in ["linked", "linked/a.rlib", "deps/b.rlib", "deps/gone.rlib"] {
            assert_eq!(elsewhere(&target, [built("deps"), built(wrong)].iter()), Some(&built(wrong)));
        }
    }
}
