//! The rules of the house, as tests that say why when one is broken.

#[path = "house/floors.rs"]
mod floors;
#[path = "house/imports.rs"]
mod imports;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use floors::Floors;
use imports::{House, Import, circles};

/// What names an operating system.
const SYSTEMS: &[&str] = &[
    "cfg(unix",
    "cfg(windows",
    "cfg(not(unix",
    "cfg(not(windows",
    "target_os",
    "target_family",
    "cfg!(unix",
    "cfg!(windows",
    "os::unix",
    "os::linux",
    "os::windows",
    "os::fd",
    "signal::unix",
    "signal::windows",
    "net::unix",
    "UnixStream",
    "rustix::",
    "nix::",
    "libc::",
    "landlock::",
    "windows_sys::",
];

/// The files that may: those that are named for one.
const ROOMS: &[&str] = &["elsewhere.rs", "linux.rs", "macos.rs", "unix.rs", "windows.rs"];

/// Places that still name a system, each with the reason. This list only shrinks.
const NOT_YET: &[(&str, &str)] = &[
    (
        "src/grader/walls",
        "walls are Linux's alone, all of the folder but what others are asked and told instead",
    ),
    ("src/workspace/cargo_toml.rs", "writes the name of a system into a manifest, for Cargo to read"),
];

/// Parts that must stay free of the outside world, and how that would show.
const PURE: &[(&str, &[&str])] = &[
    (
        "verdict",
        &["tokio::", "std::fs", "std::process", "std::env", "Instant::now", "SystemTime::now", "colored::"],
    ),
    ("screen", &["tokio::", "std::fs", "std::process", "Instant::now", "SystemTime::now"]),
];

/// The longest file that one can still hold in the head.
const MAX_LINES: usize = 500;

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("sources are text");
            found.push((path, text));
        }
    }
    found
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of one part: its folder, or its one file.
fn part(name: &str) -> Vec<(PathBuf, String)> {
    let folder = root().join("src").join(name);
    assert!(folder.is_dir(), "the rules name src/{name}, which is gone; change the rules with the house");
    sources(&folder)
}

fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
        || path.components().any(|part| part.as_os_str() == "tests")
}

/// The text without its unit tests, which stand at the end.
fn shipped(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

#[test]
fn imports_run_down_the_floors_that_the_tables_name() {
    let root = root();
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the house has a map");
    let floors = Floors::read(&text);
    let mut broken = floors.faults(&root);
    for (path, text) in sources(&root.join("src")) {
        let path = path.strip_prefix(&root).expect("below the root");
        broken.extend(floors.strays_of(path, &text));
    }
    broken.extend(House::read(&root).imports().iter().filter_map(|import| floors.stray(import)));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_floor_knows_what_its_row_names_and_no_more() {
    let floors = Floors::read("| `src/low/` | values | nothing |\n| `src/high/` | a screen | `low` |\n");
    let import =
        |from: &str, to: &str| Import { from: from.into(), to: to.into(), line: 3, what: "it".into() };
    assert_eq!(floors.stray(&import("src/high/a.rs", "src/low/b.rs")), None);
    let stray = floors.stray(&import("src/low/b.rs", "src/high/a.rs"));
    assert_eq!(stray.unwrap(), "src/low/b.rs:3 imports it: src/low (values) knows {}, and not high");
}

#[test]
fn no_files_import_each_other() {
    let imports = House::read(&root()).imports();
    let mut told = String::new();
    for circle in circles(&imports) {
        told += &format!(
            "\n{} files import each other in a circle; move what they share below them:\n",
            circle.len()
        );
        let inside: Vec<&Import> =
            imports.iter().filter(|i| circle.contains(&*i.from) && circle.contains(&*i.to)).collect();
        for pair in inside.chunk_by(|one, next| (&one.from, &one.to) == (&next.from, &next.to)) {
            let Import { from, to, .. } = &pair[0];
            let names: Vec<String> =
                pair.iter().map(|import| format!("{} in line {}", import.what, import.line)).collect();
            told += &format!("  {} imports from {}: {}\n", from.display(), to.display(), names.join(", "));
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn a_circle_is_found_wherever_it_hides() {
    let house = tempfile::tempdir().unwrap();
    let src = house.path().join("src");
    for (file, text) in [
        ("lib.rs", "mod a;\nmod b;\n"),
        ("a/mod.rs", "//! Hands names on.\nmod one;\nmod two;\n\npub(crate) use one::{One, Uno as Ein};\n"),
        (
            "a/one.rs",
            "pub(crate) struct One;\npub(crate) struct Uno;\n\nfn f() {\n    println!(\"{}\", super::two::SIZE);\n}\n",
        ),
        ("a/two.rs", "use super::Ein;\n\npub(crate) const SIZE: usize = size_of::<Ein>();\n"),
        ("b.rs", "use crate::a::One;\n\n#[cfg(test)]\nmod tests {\n    use crate::a::two;\n}\n"),
    ] {
        fs::create_dir_all(src.join(file).parent().unwrap()).unwrap();
        fs::write(src.join(file), text).unwrap();
    }
    let imports = House::read(house.path()).imports();
    let told: Vec<String> =
        imports.iter().map(|i| format!("{}:{} {}", i.from.display(), i.line, i.what)).collect();
    assert_eq!(
        told,
        ["src/a/one.rs:5 super::two::SIZE", "src/a/two.rs:1 super::Ein", "src/b.rs:1 crate::a::One"]
    );
    let found: Vec<Vec<&Path>> =
        circles(&imports).into_iter().map(|circle| circle.into_iter().collect()).collect();
    assert_eq!(found, [[Path::new("src/a/one.rs"), Path::new("src/a/two.rs")]]);
}

#[test]
fn a_folder_hands_names_on_and_does_nothing() {
    let house = House::read(&root());
    let broken: Vec<String> =
        house.folders_with_logic().iter().map(|path| path.display().to_string()).collect();
    assert!(broken.is_empty(), "move what these hold into files with names: {}", broken.join(", "));
}

/// Whether a line has that sign, and not as the end of a longer word.
fn names(line: &str, sign: &str) -> bool {
    line.match_indices(sign).any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric()))
}

/// A file named for a system may name it; whoever picks that file, names it in front of its `mod` or `use`.
#[test]
fn a_system_is_named_in_its_own_room() {
    let picks = |next: &str| {
        let rest = next.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        ROOMS
            .iter()
            .filter_map(|room| room.strip_suffix(".rs"))
            .any(|room| rest == format!("mod {room};") || rest.starts_with(&format!("use {room}::")))
    };
    let mut broken = Vec::new();
    let mut used: BTreeSet<&str> = BTreeSet::new();
    for (path, text) in sources(&root().join("src")).into_iter().chain(sources(&root().join("tests/testkit")))
    {
        let name = path.strip_prefix(root()).expect("below the root").display().to_string();
        let is_room = path.file_name().is_some_and(|file| ROOMS.iter().any(|room| file == *room));
        // testkit had a module of that name before.
        let is_room = is_room && name != "tests/testkit/elsewhere.rs";
        let own_tests =
            ["tests/testkit/tests/", "tests/testkit/examples/"].iter().any(|own| name.starts_with(own));
        if is_room || own_tests || is_test(&path) && name.starts_with("src") {
            continue;
        }
        let lines: Vec<&str> = shipped(&text).lines().map(str::trim).collect();
        for (index, line) in lines.iter().enumerate() {
            let named = SYSTEMS.iter().any(|sign| names(line, sign)) && !line.starts_with("//");
            if !named || line.starts_with("#[cfg") && lines.get(index + 1).is_some_and(|next| picks(next)) {
                continue;
            }
            match NOT_YET.iter().find(|(place, _)| name.starts_with(place)) {
                Some((place, _)) => drop(used.insert(place)),
                None => broken.push(format!("{name}:{}: {line}", index + 1)),
            }
        }
    }
    assert!(broken.is_empty(), "give these a room in `system`:\n{}", broken.join("\n"));
    for (place, _) in NOT_YET {
        assert!(used.contains(place), "{place} names no system any more: take it off the list");
    }
}

#[test]
fn the_pure_parts_are_pure() {
    let mut broken = Vec::new();
    for (name, signs) in PURE {
        for (path, text) in part(name) {
            if path.ends_with("screen/colour.rs") || is_test(&path) {
                continue;
            }
            for sign in *signs {
                if shipped(&text).contains(sign) {
                    broken.push(format!("{} uses {sign}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn only_one_file_knows_colour() {
    let users: Vec<_> =
        sources(&root().join("src")).into_iter().filter(|(_, text)| text.contains("colored::")).collect();
    let names: Vec<_> = users
        .iter()
        .map(|(path, _)| path.strip_prefix(root()).expect("below the root").display().to_string())
        .collect();
    assert_eq!(names, ["src/screen/colour.rs"], "colored's switch is global, and parallel tests race on it");
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|(_, text)| text.lines().count() > MAX_LINES)
        .map(|(path, text)| format!("{}: {} lines", path.display(), text.lines().count()))
        .collect();
    assert!(long.is_empty(), "split these: {}", long.join(", "));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|(path, text)| !is_test(path) && !text.starts_with("//!"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "start these with a `//!` line: {}", silent.join(", "));
}

#[test]
fn nothing_shipped_unwraps() {
    let broken: Vec<String> = sources(&root().join("src"))
        .into_iter()
        .filter(|(path, text)| !is_test(path) && shipped(text).contains(".unwrap()"))
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(broken.is_empty(), "`expect` states the invariant: {}", broken.join(", "));
}

/// As long as no registry has it, `cargo install tokiolings` would install nothing, or somebody else's program.
#[test]
fn nobody_is_sent_to_a_registry_for_it() {
    let pages = [
        "README.md",
        "CHANGELOG.md",
        "ARCHITECTURE.md",
        "docs",
        "exercises/README.md",
        "src/author/new/template",
    ];
    for page in pages {
        for (path, text) in texts(&root().join(page)) {
            for line in
                text.lines().filter(|line| line.contains("cargo install") && line.contains("tokiolings"))
            {
                let elsewhere = line.contains("--path") || line.contains("--git");
                assert!(elsewhere, "{}: say --path or --git: {line}", path.display());
            }
        }
    }
}

/// A file, or every file below a folder, that is text.
fn texts(path: &Path) -> Vec<(PathBuf, String)> {
    if path.is_file() {
        return fs::read_to_string(path).map(|text| (path.to_path_buf(), text)).into_iter().collect();
    }
    let entries = fs::read_dir(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    entries.flat_map(|entry| texts(&entry.expect("a folder can be listed").path())).collect()
}
