//! Files: a root folder of its own, in which there is nothing but what `walls` opens, so no path leads to anything else.
//!
//! It is held in memory; files and folders of the machine are bound into it, at the paths that they have outside. All of
//! it can only be read, but for the scratch folder and what the compiler writes, and from there nothing can be executed, unless
//! cargo builds what others wrote: that runs what it has made.

use std::collections::BTreeSet;
use std::ffi::{CString, OsString};
use std::fs::{self, Permissions};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};

use rustix::fs::CWD;
use rustix::io::Errno;
use rustix::mount::{
    MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount, mount_change,
    mount_remount, move_mount, open_tree, unmount,
};

use super::Walls;

/// Files and folders that can be made; a scratch of many empty files is memory, too.
const NODES: u32 = 16_384;

/// What name look-ups read: the one name that means something on the loopback interface.
pub(super) const TEXTS: &[(&str, &str)] =
    &[("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n"), ("/etc/nsswitch.conf", "hosts: files\n")];

const NULL: &str = "/dev/null";

/// A root folder, ready to be entered.
pub(super) struct Root {
    /// Where it is mounted; other processes of the machine do not see it there.
    at: PathBuf,
    /// What may be written inside, without links on its way.
    scratch: PathBuf,
    write: BTreeSet<PathBuf>,
    execute: BTreeSet<PathBuf>,
}

/// The new root is there; the old one lies hidden, and must go.
#[must_use]
pub(super) struct Entered;

impl Entered {
    /// Nothing of the old one stays. The kernel takes its time over that.
    pub(super) fn leave_the_old_one(self) -> Result<(), String> {
        let fail = |error| format!("the old root folder cannot be left: {error}");
        unmount(".", UnmountFlags::DETACH).map_err(fail)?;
        rustix::process::chdir("/").map_err(fail)
    }
}

/// A file or folder of the machine that is shown inside.
struct Shown {
    /// Without links on its way.
    path: PathBuf,
    tree: OwnedFd,
    is_folder: bool,
}

impl Root {
    /// Builds it over the folder that the child starts in, in this process's own namespace of mounts.
    pub(super) fn build(walls: &Walls) -> Result<Self, String> {
        let at = fs::canonicalize(&walls.folder)
            .map_err(|error| format!("cannot find {}: {error}", walls.folder.display()))?;
        mount_change("/", MountPropagationFlags::PRIVATE | MountPropagationFlags::REC)
            .map_err(|error| format!("mounts cannot be made private: {}", said(error)))?;
        let mut links = BTreeSet::new();
        let mut real = |paths: &[PathBuf]| {
            paths.iter().map(|path| resolve(path, &mut links)).collect::<Result<BTreeSet<PathBuf>, String>>()
        };
        let (read, execute, write) = (real(&walls.read)?, real(&walls.execute)?, real(&walls.write)?);
        let scratch = resolve(&walls.scratch, &mut links)?;
        let mut paths: BTreeSet<PathBuf> =
            read.into_iter().chain(execute.clone()).chain(write.clone()).collect();
        paths.insert(PathBuf::from(NULL));
        let shown = open(paths, &write)?;
        let options = format!("mode=755,size={},nr_inodes={NODES}", walls.limits.scratch);
        let options = CString::new(options).expect("numbers hold no zero");
        mount("tokiolings", &at, "tmpfs", MountFlags::NOSUID | MountFlags::NODEV, options.as_c_str())
            .map_err(|error| format!("no file system can be mounted: {}", said(error)))?;
        let root = Self { at, scratch, write, execute };
        links.extend(walls.links.iter().cloned());
        root.fill(&shown, &links)?;
        root.copy(&walls.copies)?;
        root.protect()?;
        Ok(root)
    }

    /// Makes it the root of this process, and of its children that still have the old one.
    pub(super) fn enter(self) -> Result<Entered, String> {
        let fail = |error| format!("the root folder cannot be changed: {}", said(error));
        rustix::process::chdir(&self.at).map_err(fail)?;
        rustix::process::pivot_root(".", ".").map_err(fail)?;
        Ok(Entered)
    }

    /// The place of a path of the inside, as long as the root is not entered.
    fn place(&self, path: &Path) -> PathBuf {
        self.at.join(path.strip_prefix("/").unwrap_or(path))
    }

    fn fill(&self, shown: &[Shown], links: &BTreeSet<(PathBuf, PathBuf)>) -> Result<(), String> {
        let fail =
            |path: &Path, error: &dyn std::fmt::Display| format!("cannot show {}: {error}", path.display());
        for Shown { path, tree, is_folder } in shown {
            let place = self.place(path);
            make(&place, *is_folder).map_err(|error| fail(path, &error))?;
            move_mount(tree, "", CWD, &place, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
                .map_err(|error| fail(path, &said(error)))?;
        }
        for (file, text) in TEXTS {
            let place = self.place(Path::new(file));
            make(&place, false)
                .and_then(|()| fs::write(&place, text))
                .map_err(|error| fail(Path::new(file), &error))?;
        }
        for (link, target) in links {
            if shown.iter().any(|shown| link.starts_with(&shown.path)) {
                continue;
            }
            let place = self.place(link);
            let above = place.parent().map_or(Ok(()), fs::create_dir_all);
            above.and_then(|()| symlink(target, &place)).map_err(|error| fail(link, &error))?;
        }
        let scratch = self.place(&self.scratch);
        fs::create_dir_all(&scratch)
            .and_then(|()| fs::set_permissions(&scratch, Permissions::from_mode(0o777)))
            .map_err(|error| fail(&self.scratch, &error))?;
        rustix::mount::mount_bind(&scratch, &scratch).map_err(|error| fail(&self.scratch, &error))
    }

    fn copy(&self, files: &[PathBuf]) -> Result<(), String> {
        for file in files {
            // What the kernel does not tell out here, it does not tell in there.
            let Ok(text) = fs::read(file) else { continue };
            let place = self.place(file);
            make(&place, false)
                .and_then(|()| fs::write(&place, text))
                .map_err(|error| format!("cannot show {}: {error}", file.display()))?;
        }
        Ok(())
    }

    /// Takes the right to write away, mount by mount: what is bound may have others below it.
    fn protect(&self) -> Result<(), String> {
        let table =
            fs::read("/proc/self/mountinfo").map_err(|error| format!("/proc/self/mountinfo: {error}"))?;
        let mut flags: Vec<(PathBuf, MountFlags)> = table
            .split(|byte| *byte == b'\n')
            .filter_map(mount_point)
            .filter_map(|(place, executable)| {
                let path = Path::new("/").join(place.strip_prefix(&self.at).ok()?);
                let mut flags = MountFlags::BIND | MountFlags::NOSUID;
                if path != Path::new(NULL) {
                    flags |= MountFlags::NODEV;
                }
                let own = path == self.scratch || self.write.contains(&path);
                if !own {
                    flags |= MountFlags::RDONLY;
                }
                if own && !self.execute.contains(&path) || !executable {
                    flags |= MountFlags::NOEXEC;
                }
                Some((place, flags))
            })
            .collect();
        // One that lies below another is changed first.
        flags.reverse();
        for (place, flags) in flags {
            mount_remount(&place, flags, "")
                .map_err(|error| format!("{} cannot be protected: {error}", place.display()))?;
        }
        Ok(())
    }
}

/// What the kernel says, and what would help where it forbids the call or does not know it.
fn said(error: Errno) -> String {
    match error {
        Errno::PERM | Errno::ACCESS | Errno::NOSYS => format!("{error}{}", super::namespaces::why_not()),
        _ => error.to_string(),
    }
}

/// The real path, and the links on the way to it.
fn resolve(path: &Path, links: &mut BTreeSet<(PathBuf, PathBuf)>) -> Result<PathBuf, String> {
    /// As many as the kernel follows.
    const MOST: usize = 40;
    let mut real = PathBuf::from("/");
    let mut rest: Vec<OsString> = parts(path);
    let mut followed = 0;
    while let Some(part) = rest.pop() {
        if part == ".." {
            real.pop();
            continue;
        }
        let next = real.join(&part);
        let Ok(target) = fs::read_link(&next) else {
            real = next;
            continue;
        };
        followed += 1;
        if followed > MOST {
            return Err(format!("cannot show {}: too many links", path.display()));
        }
        if target.is_absolute() {
            real = PathBuf::from("/");
        }
        rest.extend(parts(&target));
        links.insert((next, target));
    }
    Ok(real)
}

/// The names of a path, the last one first.
fn parts(path: &Path) -> Vec<OsString> {
    let named = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        _ => None,
    });
    let mut names: Vec<OsString> = named.collect();
    names.reverse();
    names
}

/// Opens what is to be shown, in the order of the paths; what lies in a folder that is shown as well needs no showing of
/// its own, unless it may be written.
fn open(paths: BTreeSet<PathBuf>, write: &BTreeSet<PathBuf>) -> Result<Vec<Shown>, String> {
    let mut shown: Vec<Shown> = Vec::new();
    for path in paths {
        if shown.iter().any(|above| path.starts_with(&above.path)) && !write.contains(&path) {
            continue;
        }
        let fail = |error: &dyn std::fmt::Display| format!("cannot show {}: {error}", path.display());
        let is_folder = fs::metadata(&path).map_err(|error| fail(&error))?.is_dir();
        let flags =
            OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
        let tree = open_tree(CWD, &path, flags).map_err(|error| fail(&said(error)))?;
        shown.push(Shown { path, tree, is_folder });
    }
    Ok(shown)
}

/// Makes an empty file or folder, unless there is one.
fn make(place: &Path, folder: bool) -> std::io::Result<()> {
    if folder {
        return fs::create_dir_all(place);
    }
    if let Some(above) = place.parent() {
        fs::create_dir_all(above)?;
    }
    if place.exists() { Ok(()) } else { fs::write(place, "") }
}

/// A line of `mountinfo`: where something is mounted, and whether one may execute there.
fn mount_point(line: &[u8]) -> Option<(PathBuf, bool)> {
    let mut fields = line.split(|byte| *byte == b' ').skip(4);
    let (place, options) = (fields.next()?, fields.next()?);
    let executable = !options.split(|byte| *byte == b',').any(|option| option == b"noexec");
    Some((PathBuf::from(OsString::from_vec(unescape(place))), executable))
}

/// Undoes the octal escapes of `mountinfo`.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let code = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.filter(|_| *byte == b'\\').and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(code) => {
                plain.push(code);
                rest = &after[3..];
            }
            None => {
                plain.push(*byte);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_on_the_way_are_kept_and_the_end_is_real() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir_all(root.join("usr/lib")).unwrap();
        symlink("usr/lib", root.join("lib")).unwrap();
        symlink("../lib", root.join("usr/up")).unwrap();
        let mut links = BTreeSet::new();
        assert_eq!(resolve(&root.join("usr/up/x.so"), &mut links).unwrap(), root.join("usr/lib/x.so"));
        let expected = [(root.join("lib"), "usr/lib".into()), (root.join("usr/up"), PathBuf::from("../lib"))];
        assert_eq!(links.into_iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn links_that_go_round_are_an_error() {
        let folder = tempfile::tempdir().unwrap();
        symlink("round", folder.path().join("round")).unwrap();
        let error = resolve(&folder.path().join("round"), &mut BTreeSet::new()).unwrap_err();
        assert!(error.contains("too many links"), "{error}");
    }

    #[test]
    fn what_a_container_forbids_is_told_with_what_it_must_allow() {
        for error in [Errno::PERM, Errno::NOSYS] {
            assert!(said(error).contains("; "), "{}", said(error));
        }
        assert_eq!(said(Errno::NOENT), Errno::NOENT.to_string());
    }

    #[test]
    fn a_line_of_mountinfo() {
        let line = br"36 35 98:0 /a /mnt/with\040space rw,noexec,relatime master:1 - ext3 /dev/root rw";
        assert_eq!(mount_point(line), Some((PathBuf::from("/mnt/with space"), false)));
        let line = b"36 35 98:0 / / ro,nosuid - tmpfs tmpfs rw";
        assert_eq!(mount_point(line), Some((PathBuf::from("/"), true)));
        assert_eq!(mount_point(b""), None);
    }
}
