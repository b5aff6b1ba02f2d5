//! Cargo's home for our builds. What exercises use is built with settings of our own: a `build.target`, a profile or a
//! wrapper in a learner's configuration would change what is built, and where. Taken over is what decides how crates are
//! fetched: the sections below, credentials, and what has been downloaded already.
//!
//! A user whose configuration changes no build keeps their home: Cargo builds a crate anew when the path to its source
//! is another one, so only with the same home can the user's own cargo take what was built here.

use std::fs;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use crate::grader::store::files::write_whole;
use crate::grader::store::home::{Home, unwritable};
use crate::system::files::{let_all_read, link};
use crate::verdict::Broken;

/// The sections of a configuration that are about the network and registries.
const TAKEN_OVER: &[&str] = &["credential-alias", "http", "net", "registries", "registry", "source"];

/// The sections that change no build either.
const HARMLESS: &[&str] =
    &["alias", "cache", "cargo-new", "doc", "future-incompat-report", "install", "term"];

/// Shared with the user's own cargo: the downloads, what locks them, and the keys to registries.
const SHARED: &[&str] =
    &["registry", "git", ".package-cache", ".package-cache-mutate", "credentials.toml", "credentials"];

/// Of those, what cargo makes when it first needs it.
const FOLDERS: &[&str] = &["registry", "git"];
const LOCKS: &[&str] = &[".package-cache", ".package-cache-mutate"];

/// Keys of a source whose values are paths.
const PATHS: &[&str] = &["directory", "local-registry", "path"];

/// The user's home, if builds there are as we want them: then their cargo and ours build the same.
pub(in crate::grader) fn users_that_fits() -> Option<PathBuf> {
    users().filter(|users| changes_no_build(&text_of(users)))
}

fn changes_no_build(config: &str) -> bool {
    let table: Option<Table> = config.parse().ok();
    table.is_some_and(|table| {
        table
            .keys()
            .all(|section| TAKEN_OVER.contains(&section.as_str()) || HARMLESS.contains(&section.as_str()))
    })
}

/// The folder: the user's, or one of our own that is made from it.
pub(in crate::grader) fn prepare(home: &Home) -> Result<PathBuf, Broken> {
    if let Some(users) = users_that_fits() {
        return Ok(users);
    }
    let Some(users) = users() else { return home.folder("cargo") };
    let own = home.folder("cargo")?;
    for name in FOLDERS {
        // One that cannot be made is not shared.
        let _ = fs::create_dir_all(users.join(name));
    }
    for name in LOCKS {
        let _ = fs::OpenOptions::new().create(true).append(true).open(users.join(name));
    }
    for name in SHARED {
        if !share(&users.join(name), &own.join(name)) {
            // A system without links: the user's own home, settings and all, is better than a second set of downloads.
            return Ok(users);
        }
    }
    let text = config(&users);
    let path = own.join("config.toml");
    if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        return Ok(own);
    }
    write_whole(&path, text.as_bytes()).map_err(|error| unwritable(&path, &error))?;
    Ok(own)
}

/// What cargo needs, once everything has been downloaded, to find it.
pub(super) struct Offline {
    pub(super) home: PathBuf,
    /// What the home has links to.
    pub(super) shown: Vec<PathBuf>,
}

/// A home for cargo where it builds what others wrote: the downloads, and where they are from, but no keys and no settings.
pub(super) fn offline(home: &Home) -> Result<Offline, Broken> {
    let own = home.folder("cargo-offline")?;
    let downloads = match users() {
        Some(users) => users,
        None => home.folder("cargo")?,
    };
    let mut shown = Vec::new();
    for name in FOLDERS {
        let folder = downloads.join(name);
        if folder.is_dir() && share(&folder, &own.join(name)) {
            shown.push(folder);
        }
    }
    let (text, folders) = sources(&text_of(&downloads), downloads.parent().unwrap_or(&downloads));
    shown.extend(folders.into_iter().filter(|folder| folder.is_dir()));
    let path = own.join("config.toml");
    if !fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
        write_whole(&path, text.as_bytes()).map_err(|error| unwritable(&path, &error))?;
    }
    // Behind walls root is nobody.
    let_all_read(&path).map_err(|error| unwritable(&path, &error))?;
    Ok(Offline { home: own, shown })
}

/// Of a configuration what says where crates are from, and the folders among that.
fn sources(config: &str, base: &Path) -> (String, Vec<PathBuf>) {
    let mut table: Table = taken_over(config, base).parse().unwrap_or_default();
    table.retain(|section, _| ["cache", "registries", "registry", "source"].contains(&section));
    let keep = |value: &mut Value, kept: &[&str]| {
        if let Value::Table(table) = value {
            table.retain(|key, _| kept.contains(&key));
        }
    };
    if let Some(registry) = table.get_mut("registry") {
        keep(registry, &["default", "index"]);
    }
    if let Some(Value::Table(registries)) = table.get_mut("registries") {
        registries.iter_mut().for_each(|(_, registry)| keep(registry, &["index", "protocol"]));
    }
    let sources = table.get("source").and_then(Value::as_table).into_iter().flatten();
    let folders = sources
        .flat_map(|(_, source)| PATHS.iter().filter_map(|key| source.get(*key)?.as_str()).map(PathBuf::from))
        .collect();
    (table.to_string(), folders)
}

fn users() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Makes `own` a link to `users`, if that is there; `false` where the system has no links.
fn share(users: &Path, own: &Path) -> bool {
    if !users.exists() || fs::read_link(own).is_ok_and(|to| to == users) {
        return true;
    }
    if own.is_dir() && !own.is_symlink() {
        let _ = crate::grader::store::scratch::remove_tree(own);
    } else {
        let _ = fs::remove_file(own);
    }
    match link(users, own) {
        Ok(()) => true,
        // Another process was faster.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => true,
        Err(_) => false,
    }
}

/// What is taken over of the user's configuration. One that is no TOML says nothing: the user's own cargo complains.
fn config(users: &Path) -> String {
    // Relative paths in a configuration are counted from above the folder that it is in.
    taken_over(&text_of(users), users.parent().unwrap_or(users))
}

/// The user's configuration; empty where there is none.
fn text_of(users: &Path) -> String {
    let read = |name: &str| fs::read_to_string(users.join(name)).ok();
    read("config").or_else(|| read("config.toml")).unwrap_or_default()
}

fn taken_over(config: &str, base: &Path) -> String {
    let mut table: Table = config.parse().unwrap_or_default();
    table.retain(|section, _| TAKEN_OVER.contains(&section));
    if let Some(Value::Table(sources)) = table.get_mut("source") {
        for (_, source) in sources.iter_mut() {
            for key in PATHS {
                if let Some(Value::String(path)) = source.get_mut(*key) {
                    *path = base.join(&*path).to_string_lossy().into_owned();
                }
            }
        }
    }
    // Cargo tidies what its own home has not used for long; these downloads are the user's.
    let mut cache = Table::new();
    cache.insert("auto-clean-frequency".to_owned(), Value::from("never"));
    table.insert("cache".to_owned(), Value::Table(cache));
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_network_is_taken_over_and_the_build_is_not() {
        let config = r#"
            [build]
            target = "x86_64-unknown-linux-gnu"
            rustc-wrapper = "sccache"
            [profile.dev]
            panic = "abort"
            [target.x86_64-unknown-linux-gnu]
            linker = "clang"
            [http]
            proxy = "proxy.example:3128"
            [net]
            offline = true
            [source.crates-io]
            replace-with = "vendored"
            [source.vendored]
            directory = "vendor"
            [registries.school]
            index = "sparse+https://school.example/index/"
        "#;
        let kept: Table = taken_over(config, Path::new("/home/ann")).parse().expect("it is TOML");
        let sections: Vec<&str> = kept.keys().map(String::as_str).collect();
        assert_eq!(sections, ["cache", "http", "net", "registries", "source"]);
        assert_eq!(kept["http"]["proxy"].as_str(), Some("proxy.example:3128"));
        let vendored = kept["source"]["vendored"]["directory"].as_str().map(Path::new);
        assert_eq!(vendored, Some(Path::new("/home/ann/vendor")));
        assert_eq!(kept["source"]["crates-io"]["replace-with"].as_str(), Some("vendored"));
    }

    #[test]
    fn behind_walls_cargo_knows_where_crates_are_from_and_no_keys() {
        let config = r#"
            [http]
            proxy = "ann:secret@proxy.example:3128"
            [registry]
            default = "school"
            token = "secret"
            [registries.school]
            index = "sparse+https://school.example/index/"
            token = "secret"
            credential-provider = ["secret"]
            [source.crates-io]
            replace-with = "vendored"
            [source.vendored]
            directory = "vendor"
        "#;
        let (text, folders) = sources(config, Path::new("/home/ann"));
        assert!(!text.contains("secret"), "{text}");
        let kept: Table = text.parse().unwrap();
        assert_eq!(
            kept["registries"]["school"]["index"].as_str(),
            Some("sparse+https://school.example/index/")
        );
        assert_eq!(kept["source"]["crates-io"]["replace-with"].as_str(), Some("vendored"));
        assert_eq!(folders, [Path::new("/home/ann/vendor")]);
    }

    #[test]
    fn a_home_that_changes_no_build_is_taken_as_it_is() {
        for same in
            ["", "[net]\noffline = true\n[alias]\nb = \"build\"\n", "[registries.school]\nindex = \"x\"\n"]
        {
            assert!(changes_no_build(same), "{same}");
        }
        for other in [
            "[build]\nrustc-wrapper = \"sccache\"\n",
            "[profile.dev]\npanic = \"abort\"\n",
            "include = \"x\"\n",
            "[b",
        ] {
            assert!(!changes_no_build(other), "{other}");
        }
    }

    #[test]
    fn what_is_no_configuration_says_nothing() {
        assert_eq!(taken_over("[build", Path::new("/")), taken_over("", Path::new("/")));
    }

    #[cfg(unix)]
    #[test]
    fn downloads_are_shared_and_a_wrong_link_is_mended() {
        let folder = tempfile::tempdir().unwrap();
        let (users, own) = (folder.path().join("users"), folder.path().join("own"));
        fs::create_dir_all(&users).unwrap();
        assert!(share(&users, &own) && fs::read_link(&own).unwrap() == users);
        fs::remove_file(&own).unwrap();
        fs::create_dir_all(own.join("below")).unwrap();
        assert!(share(&users, &own) && fs::read_link(&own).unwrap() == users);
        assert!(share(&folder.path().join("nothing"), &folder.path().join("other")));
        assert!(!folder.path().join("other").exists());
    }
}
