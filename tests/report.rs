//! `report` as a shell sees it: one workspace, told in every format, each read back and all of them agreeing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const CHAPTER: &str = "01_inert_plans";

/// What the runner of Classroom 50 sets.
const RUNNER: [(&str, &str); 8] = [
    ("CLASSROOM", "async-101"),
    ("ASSIGNMENT", "tokiolings"),
    ("OWNER", "ada"),
    ("ASSIGNMENT_TYPE", "individual"),
    ("SUBMISSION_TAG", "submit/2026-11-27T10-00-00Z-a1b2c3d"),
    ("COMMIT_URL", "https://example.org/commit"),
    ("RELEASE_URL", "https://example.org/release"),
    ("REVIEW_URL", "https://example.org/diff"),
];

/// A workbook of the first chapter alone, in which `plan_order` is worth three points, and a learner's workspace of it.
struct Place {
    folder: TempDir,
}

struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        for part in ["exercises", "solutions", "tests/hidden"] {
            copy(&root().join(part).join(CHAPTER), &place.book().join(part).join(CHAPTER));
        }
        copy(&root().join("tests/testkit"), &place.book().join("tests/testkit"));
        fs::copy(root().join("exercises/workbook.lock"), place.book().join("exercises/workbook.lock"))
            .expect("copied");
        let manifest = fs::read_to_string(root().join("exercises/workbook.toml")).expect("the workbook");
        let (before, after) = manifest.split_once("chapters = [").expect("a list of chapters");
        let (_, after) = after.split_once(']').expect("its end");
        let manifest = format!("{before}chapters = [\"{CHAPTER}\"]{after}");
        fs::write(place.book().join("exercises/workbook.toml"), manifest).expect("written");
        let chapter = place.book().join("exercises").join(CHAPTER).join("chapter.toml");
        let text = fs::read_to_string(&chapter).expect("the chapter");
        let named = "exercise = \"plan_order\"\n";
        assert!(text.contains(named));
        fs::write(chapter, text.replace(named, &format!("{named}points = 3\n"))).expect("written");
        let said = place.call(&["init", "learner"]);
        assert_eq!(said.code, 0, "{}", said.err);
        place
    }

    fn book(&self) -> PathBuf {
        self.folder.path().join("book")
    }

    fn learner(&self, below: &str) -> PathBuf {
        self.folder.path().join("learner").join(below)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.learner(&format!("exercises/{CHAPTER}/{name}.rs"))
    }

    fn hand_in(&self, name: &str, from: &str) {
        fs::copy(root().join(from), self.file(name)).unwrap_or_else(|error| panic!("{from}: {error}"));
    }

    fn solve(&self, name: &str) {
        self.hand_in(name, &format!("solutions/{CHAPTER}/{name}.rs"));
    }

    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokiolings"));
        command
            .current_dir(self.folder.path())
            .arg("--workbook")
            .arg(self.book())
            .args(args)
            .env("TOKIOLINGS_HOME", Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"))
            .stdin(Stdio::null());
        for (name, _) in RUNNER {
            command.env_remove(name);
        }
        command
    }

    fn call(&self, args: &[&str]) -> Said {
        said(self.command(args))
    }

    /// The report on the learner in one format, as bytes of a file.
    fn report(&self, format: &str, code: i32) -> Vec<u8> {
        let file = self.folder.path().join(format!("report.{format}"));
        let output = file.to_str().expect("UTF-8");
        let mut command = self.command(&["report", "learner", "--format", format, "--output", output]);
        command.envs(RUNNER);
        let said = said(command);
        assert_eq!((said.code, said.out.as_str()), (code, ""), "{format}: {}", said.err);
        assert!(said.err.contains("Written to"), "{format}: {}", said.err);
        fs::read(file).expect("the report")
    }
}

fn said(mut command: Command) -> Said {
    let output = command.output().expect("the program starts");
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder to copy") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
}

/// Reads JSON and checks it against a schema of `tests/schemas`.
fn checked(schema: &str, json: &[u8]) -> Value {
    let path = root().join(format!("tests/schemas/{schema}.json"));
    let schema: Value = serde_json::from_slice(&fs::read(path).expect("a schema")).expect("JSON");
    let value: Value = serde_json::from_slice(json).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema of a known draft");
    let faults: Vec<String> =
        validator.iter_errors(&value).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}\n{value:#}", faults.join("\n"));
    value
}

fn names<'a>(rows: &'a [Value], key: &str, value: &str, name: &str) -> Vec<&'a str> {
    rows.iter().filter(|row| row[key] == value).map(|row| row[name].as_str().expect("a name")).collect()
}

#[test]
fn every_format_tells_the_same_of_a_mixed_workspace() {
    let place = Place::new();
    place.solve("lazy_call");
    place.hand_in("plan_order", &format!("tests/wrong/{CHAPTER}/plan_order/audit_dropped.rs"));
    fs::write(place.file("await_needs_async"), "pub fn nonsense( {\n").expect("written");
    fs::remove_file(place.file("async_block")).expect("removed");
    let before = fs::read(place.learner(".tokiolings/progress.toml")).expect("progress");

    let json = checked("report", &place.report("json", 1));
    let rows = json["exercises"].as_array().expect("rows");
    let found: Vec<_> = rows.iter().map(|row| (row["exercise"].as_str(), row["found"].as_str())).collect();
    let expected = [
        ("lazy_call", "passed"),
        ("plan_order", "failed"),
        ("await_needs_async", "does_not_compile"),
        ("values_not_plans", "does_not_compile"),
        ("async_block", "no_source"),
    ];
    assert_eq!(found, expected.map(|(name, found)| (Some(name), Some(found))));
    assert_eq!(json["basis"], "regraded");
    let untouched: Vec<&Value> =
        rows.iter().filter(|row| row["untouched"] == true).map(|row| &row["exercise"]).collect();
    assert_eq!(untouched, ["values_not_plans"]);
    assert_eq!((&json["totals"]["score"], &json["totals"]["max_score"]), (&1.into(), &7.into()));
    let reasons: Vec<&str> = rows.iter().map(|row| row["reason"].as_str().unwrap_or_default()).collect();
    assert_eq!(reasons[0], "");
    assert!(reasons[1].starts_with("the_audit_line_comes_first: "), "{}", reasons[1]);
    assert_eq!(reasons[4], format!("exercises/{CHAPTER}/async_block.rs is missing"));

    let csv = place.report("csv", 1);
    let mut reader = csv::Reader::from_reader(csv.as_slice());
    let columns = reader.headers().expect("a header").clone();
    let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
    let records: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().expect("CSV");
    for (record, row) in records.iter().zip(rows) {
        for column in ["exercise", "chapter", "standing", "found"] {
            assert_eq!(record[at(column)], row[column], "{column}");
        }
        assert_eq!(record[at("score")], row["score"].to_string());
        assert_eq!(record[at("reason")], *row["reason"].as_str().unwrap_or_default());
    }
    assert_eq!(records.len(), rows.len());

    let junit = String::from_utf8(place.report("junit", 1)).expect("text");
    let junit = quick_junit::Report::deserialize_from_str(&junit).expect("JUnit");
    assert_eq!((junit.tests, junit.failures, junit.errors), (5, 4, 0));
    let cases = &junit.test_suites[0].test_cases;
    for (case, row) in cases.iter().zip(rows) {
        assert_eq!(case.name.as_str(), row["exercise"]);
        if let quick_junit::TestCaseStatus::NonSuccess { message, .. } = &case.status {
            assert_eq!(message.as_deref(), row["reason"].as_str());
        } else {
            assert_eq!(row["standing"], "solved");
        }
    }

    let result = checked("classroom50", &place.report("classroom50", 0));
    let passed = result["tests"].as_array().expect("tests").iter().filter(|test| test["passed"] == true);
    let passed: Vec<&Value> = passed.map(|test| &test["test-name"]).collect();
    assert_eq!(passed, [&format!("{CHAPTER}/lazy_call")]);
    assert_eq!(
        (&result["score"], &result["max-score"], &result["owner"]),
        (&1.into(), &7.into(), &"ada".into())
    );

    let results = checked("gradescope", &place.report("gradescope", 0));
    let tests = results["tests"].as_array().expect("tests");
    assert_eq!(names(tests, "status", "passed", "name"), ["lazy_call"]);
    assert_eq!(results["score"], 1);
    assert!(
        tests[1]["output"].as_str().expect("text").contains("`write_audit` ran 0 times."),
        "{}",
        tests[1]
    );

    let results = checked("exercism", &place.report("exercism", 0));
    assert_eq!(results["status"], "fail");
    let tests = results["tests"].as_array().expect("tests");
    let of = |task: usize| tests.iter().filter(move |test| test["task_id"] == task);
    assert!(of(1).all(|test| test["status"] == "pass") && of(1).count() > 1);
    assert!(of(2).any(|test| test["status"] == "fail") && of(3).all(|test| test["status"] == "error"));

    let text = place.call(&["report", "learner"]);
    assert_eq!(text.code, 1, "{}", text.err);
    assert!(text.out.starts_with("1 of 5 exercises solved, 1 of 7 points.\n"), "{}", text.out);
    assert_eq!(
        fs::read(place.learner(".tokiolings/progress.toml")).expect("progress"),
        before,
        "it only looks"
    );
}

#[test]
fn a_claim_that_sources_do_not_bear_out_is_reported_as_it_is() {
    let place = Place::new();
    let exercises = ["lazy_call", "plan_order", "await_needs_async", "values_not_plans", "async_block"];
    let starters = exercises.map(|name| fs::read(place.file(name)).expect("the starter"));
    exercises.iter().for_each(|name| place.solve(name));
    let mut check = place.command(&["check"]);
    check.current_dir(place.learner(""));
    let solved = said(check);
    assert_eq!(solved.code, 0, "{}{}", solved.out, solved.err);
    assert_eq!(place.call(&["report", "learner"]).code, 0);

    // The progress file is as honest as can be, but the sources are starters now.
    for (name, starter) in exercises.iter().zip(starters).skip(1) {
        fs::write(place.file(name), starter).expect("written");
    }
    let json = checked("report", &place.report("json", 1));
    let rows = json["exercises"].as_array().expect("rows");
    assert_eq!(names(rows, "standing", "refuted", "exercise"), exercises[1..]);
    assert!(rows.iter().all(|row| row["recorded"]["state"] == "solved"));
    let text = place.call(&["report", "learner"]);
    assert!(
        text.out.contains("Claimed as solved with a different text, the starter is back (4): plan_order,"),
        "{}",
        text.out
    );
    assert_eq!(
        text.out.matches("claimed for a different text, the starter is back").count(),
        4,
        "{}",
        text.out
    );
    assert_eq!(names(rows, "refuted", "put_back", "exercise"), exercises[1..]);

    let recorded = place.call(&["report", "learner", "--recorded"]);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert!(
        recorded.out.contains("5 of 5 exercises solved") && recorded.out.contains("Recorded, not graded"),
        "{}",
        recorded.out
    );
    for (format, sign) in [
        ("json", "\"basis\":\"recorded\""),
        ("csv", ",recorded,\r\n"),
        ("junit", "name=\"basis\" value=\"recorded\""),
        ("gradescope", "Recorded, not graded"),
        ("exercism", "Recorded, not graded"),
    ] {
        let said = place.call(&["report", "learner", "--recorded", "--format", format]);
        assert!(said.out.contains(sign), "{format}: {}", said.out);
    }
    let mut command = place.command(&["report", "learner", "--recorded", "--format", "classroom50"]);
    command.envs(RUNNER);
    let said = said(command);
    checked("classroom50", said.out.as_bytes());
    assert!(said.err.contains("Recorded, not graded"), "a format without room: {}", said.err);
}

#[test]
fn who_writes_solved_and_nothing_else_is_not_excused() {
    let place = Place::new();
    let path = place.learner(".tokiolings/progress.toml");
    let text = fs::read_to_string(&path).expect("progress");
    let forged = "[steps.plan_order]\nstate = \"solved\"\n\n# end of progress";
    fs::write(&path, text.replace("# end of progress", forged)).expect("written");
    let said = place.call(&["report", "learner"]);
    assert!(said.out.contains("Claimed as solved, not confirmed (1): plan_order"), "{}", said.out);
    assert!(!said.out.contains("older tests"), "{}", said.out);
}

#[test]
fn what_is_missing_is_named_before_anything_is_graded() {
    let place = Place::new();
    let mut command = place.command(&["report", "learner", "--format", "classroom50"]);
    command.envs(RUNNER.iter().filter(|(name, _)| !name.ends_with("_URL")).copied());
    let missing = said(command);
    assert_eq!((missing.code, missing.out.as_str()), (2, ""), "{}", missing.err);
    for name in ["COMMIT_URL", "RELEASE_URL"] {
        assert!(missing.err.contains(&format!("{name} is not set")), "{}", missing.err);
    }
    assert!(!missing.err.contains("OWNER"), "{}", missing.err);

    fs::create_dir_all(place.folder.path().join("bare/exercises")).expect("a folder");
    for (args, said) in [
        (vec!["report", "nowhere"], "nowhere"),
        (vec!["report", "book/tests"], "no folder exercises/"),
        (vec!["report", "bare", "--recorded"], "has no progress file"),
        (vec!["report", "book"], "could have written that workbook"),
        (vec!["report", "learner", "--recorded", "--confined"], "cannot be used with"),
    ] {
        let refused = place.call(&args);
        assert!(refused.code == 2 && refused.err.contains(said), "{args:?}: {}", refused.err);
    }
}

#[test]
fn sources_alone_are_graded_and_a_damaged_progress_file_saves_nobody() {
    let place = Place::new();
    place.solve("lazy_call");
    for name in ["progress.toml", "progress.toml.bak"] {
        fs::write(place.learner(".tokiolings").join(name), "garbage").expect("written");
    }
    let damaged = place.call(&["report", "learner"]);
    assert!(damaged.out.starts_with("1 of 5 exercises solved"), "{}{}", damaged.out, damaged.err);
    assert!(damaged.err.contains("does not show what it claims"), "{}", damaged.err);

    fs::remove_dir_all(place.learner(".tokiolings")).expect("removed");
    let bare = place.call(&["report", "learner"]);
    assert!(bare.out.starts_with("1 of 5 exercises solved"), "{}{}", bare.out, bare.err);
}

#[cfg(target_os = "linux")]
#[test]
fn behind_walls_it_says_so_and_no_link_leads_out() {
    let place = Place::new();
    place.solve("lazy_call");
    let secret = place.folder.path().join("secret.rs");
    fs::write(&secret, "the words of somebody else\n").expect("written");
    fs::remove_file(place.file("plan_order")).expect("removed");
    std::os::unix::fs::symlink(&secret, place.file("plan_order")).expect("a link");
    let said = place.call(&["report", "learner", "--confined", "--format", "json"]);
    if said.code == 3 {
        assert!(said.err.contains("cannot build the whole sandbox"), "{}", said.err);
        return;
    }
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("confined: "), "{}", said.err);
    let json = checked("report", said.out.as_bytes());
    assert_eq!(json["basis"], "regraded_confined");
    let rows = json["exercises"].as_array().expect("rows");
    assert_eq!(names(rows, "standing", "solved", "exercise"), ["lazy_call"]);
    assert!(
        rows[1]["reason"].as_str().expect("why").contains("is a symbolic link, which is not followed"),
        "{}",
        rows[1]
    );
    assert!(!said.out.contains("somebody else"), "{}", said.out);
}

#[test]
fn the_page_for_bootcamps_shows_the_examples_as_they_are() {
    let page = fs::read_to_string(root().join("docs/bootcamps.md")).expect("the page");
    for example in fs::read_dir(root().join("docs/examples")).expect("the examples") {
        let path = example.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("text");
        assert!(page.contains(text.trim_end()), "docs/bootcamps.md shows another {}", path.display());
    }
    // What is pinned is what this version is: the compiler that it is built with, and its own number.
    let recipe = fs::read_to_string(root().join("docs/examples/Containerfile")).expect("the recipe");
    let rust = format!("FROM docker.io/library/rust:{}.", env!("CARGO_PKG_RUST_VERSION"));
    assert_eq!(recipe.matches(&rust).count(), recipe.matches("FROM ").count(), "{rust}");
    assert!(recipe.contains(&format!("--tag tokiolings:{} ", env!("CARGO_PKG_VERSION"))));
}
