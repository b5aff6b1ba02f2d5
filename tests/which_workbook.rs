//! Which workbook grades other people's work is decided by whoever grades: a workbook in what is handed in never does, and
//! nothing of it runs.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "clippy takes only the `#[test]` functions of this file for tests")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const FILE: &str = "exercises/01_inert_plans/lazy_call.rs";

/// What makes her folder a workspace.
const PROGRESS: &str = "clones/eve/.tokiolings/progress.toml";

/// Its only exercise has a name of the built-in workbook's, and hidden tests that accept everything. What it depends on runs
/// code where it is built.
const WORKBOOK: &[(&str, &str)] = &[
    (
        "exercises/workbook.toml",
        "format = 1\ntitle = \"Eve's own\"\nwelcome = \"Hello.\"\nfarewell = \"Goodbye.\"\n\
         chapters = [\"01_inert_plans\"]\n\n[dependencies]\nevil = { path = \"../evil\" }\n",
    ),
    ("exercises/01_inert_plans/README.md", "# Inert plans\n"),
    (
        "exercises/01_inert_plans/chapter.toml",
        "title = \"Inert plans\"\n\n[[step]]\nexercise = \"lazy_call\"\ncore = true\nhints = [\"a\", \"b\", \"c\"]\n",
    ),
    ("solutions/01_inert_plans/lazy_call.rs", "pub fn greet() {}\n"),
    ("tests/hidden/01_inert_plans/lazy_call.rs", "#[test]\nfn all_is_well() {}\n"),
    ("evil/Cargo.toml", "[package]\nname = \"evil\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
    ("evil/src/lib.rs", ""),
];

/// `clones/eve` is a learner's workspace, and a workbook as well. Beside it is what her `build.rs` makes when it runs.
struct Place {
    folder: TempDir,
}

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in WORKBOOK {
            place.write(&format!("clones/eve/{path}"), text);
        }
        let build =
            format!("fn main() {{ std::fs::write({:?}, \"\").unwrap(); }}\n", place.path("build-script-ran"));
        place.write("clones/eve/evil/build.rs", &build);
        place.write(PROGRESS, "");
        let starter = fs::read_to_string(root().join(FILE)).unwrap();
        place.write(&format!("clones/eve/{FILE}"), &starter);
        place
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn write(&self, below: &str, text: &str) {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Runs the program in a folder.
    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn call(&self, folder: &str, args: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokiolings"));
        command.current_dir(self.path(folder)).args(args).stdin(Stdio::null());
        command.env("TOKIOLINGS_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"));
        let output = command.output().unwrap();
        Said {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Walls are tested elsewhere, and not every machine that runs these tests has them.
fn is_without_walls(said: &Said) -> bool {
    said.code == Some(3) && said.err.contains("cannot build the whole sandbox")
}

#[test]
fn a_workbook_in_what_is_handed_in_grades_nothing_and_nothing_of_it_runs() {
    let place = Place::new();
    let cohort = place.path("cohort.json");
    let cohort = cohort.to_str().unwrap();
    for args in [
        &["report", "--format", "json"] as &[&str],
        &["report", "--confined", "--format", "json"],
        &["report", ".", "--confined", "--format", "json"],
        &["grade", "lazy_call", FILE, "--format", "json"],
        &["cohort", "..", "--json", cohort],
    ] {
        let said = place.call("clones/eve", args);
        assert!(!place.path("build-script-ran").exists(), "{args:?}: {}", said.err);
        if is_without_walls(&said) {
            continue;
        }
        let text = if args[0] == "cohort" { fs::read_to_string(cohort).unwrap() } else { said.out };
        let found: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{args:?}: {}", said.err));
        let (verdict, edition) = match args[0] {
            "report" => (&found["exercises"][0]["verdict"]["verdict"], &found["edition"]),
            "grade" => (&found["verdict"], &found["edition"]),
            _ => (&found["submissions"][0]["verdict"], &found["workbook"]["hash"]),
        };
        assert!(verdict == "failed" || verdict == "does_not_compile", "{args:?}: {verdict}");
        let told = format!("workbook: built-in, \"tokiolings\", edition {}", edition.as_str().unwrap());
        assert!(said.err.contains(&told), "{told}\n{}", said.err);
    }
}

#[test]
fn not_even_when_it_is_named() {
    let place = Place::new();
    symlink(place.path("clones/eve"), place.path("link")).unwrap();
    place.write("roster.csv", "name,path\nEve,clones/eve\n");
    for (folder, args) in [
        ("clones/eve", &["report", "--workbook", "."] as &[&str]),
        ("clones/eve", &["report", ".", "--confined", "--workbook", "."]),
        ("clones/eve", &["grade", "lazy_call", FILE, "--workbook", "."]),
        (".", &["report", "clones/eve", "--workbook", "link"]),
        (".", &["report", "link", "--workbook", "clones/eve"]),
        (".", &["cohort", "clones", "--workbook", "link"]),
        (".", &["cohort", "--roster", "roster.csv", "--workbook", "clones/eve"]),
    ] {
        let said = place.call(folder, args);
        assert_eq!(said.code, Some(2), "{args:?}: {}{}", said.out, said.err);
        for word in
            ["/clones/eve with the workbook in ", "could have written that workbook", "leave out --workbook"]
        {
            assert!(said.err.contains(word), "{args:?}: {}", said.err);
        }
    }
    assert!(!place.path("build-script-ran").exists());
}

#[test]
fn an_instructor_grades_in_a_workbook_of_their_own() {
    let place = Place::new();
    let root = root();
    let book = root.to_str().unwrap();
    let solution = root.join("solutions/01_inert_plans/lazy_call.rs");
    let said = place
        .call(".", &["--workbook", book, "grade", "lazy_call", solution.to_str().unwrap(), "--unconfined"]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    assert!(said.err.contains(&format!("workbook: {book}, ")), "{}", said.err);

    // Submissions lie in its folder, and beside what decides.
    fs::remove_dir_all(place.path("clones/eve/.tokiolings")).unwrap();
    place.write(&format!("clones/eve/handed-in/ann/{FILE}"), "");
    for args in [
        &["report", "handed-in/ann", "--recorded", "--workbook", "."] as &[&str],
        &["grade", "nothing", &format!("handed-in/ann/{FILE}"), "--workbook", "."],
    ] {
        let said = place.call("clones/eve", args);
        assert!(!said.err.contains("could have written that workbook"), "{args:?}: {}", said.err);
        let next = ["has no progress file", "no step of that name"];
        assert!(next.iter().any(|next| said.err.contains(next)), "{args:?}: {}", said.err);
    }
}

#[test]
fn a_workspace_of_another_workbook_is_told_who_grades() {
    let place = Place::new();
    fs::remove_dir_all(place.path("clones/eve/.tokiolings")).unwrap();
    let made = place.call(".", &["--workbook", "clones/eve", "init", "mine"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let said = place.call("mine", &["report", "--recorded"]);
    let told =
        "the built-in workbook grades, but this workspace says that it was set up for \"Eve's own\", in ";
    assert!(said.err.contains(told) && said.err.contains("--workbook DIR report"), "{}", said.err);
    let named = place.call("mine", &["report", "--recorded", "--workbook", "../clones/eve"]);
    assert!(!named.err.contains(told) && named.err.contains("\"Eve's own\", edition "), "{}", named.err);

    // What a learner writes there reads like nothing but a quotation, and stops nobody.
    let note = "title = \"a\\nb\\u001b[2J\"\n";
    place.write("mine/.tokiolings/workbook.toml", note);
    let forged = place.call("mine", &["report", "--recorded"]);
    assert!(forged.err.contains("set up for \"a b\"; to"), "{:?}", forged.err);
    fs::remove_file(place.path("mine/.tokiolings/workbook.toml")).unwrap();
    let fifo = place.path("mine/.tokiolings/workbook.toml");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &fifo,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    assert_eq!(place.call("mine", &["report", "--recorded"]).code, Some(1));
}
