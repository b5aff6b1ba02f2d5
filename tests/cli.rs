//! The commands as a shell sees them: output, files, exit codes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder to work in, and the program to call there.
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
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// With a workspace, which is the folder itself.
    fn with_workspace() -> Self {
        let place = Self::new();
        let said = place.call(&["init", "."]);
        assert_eq!(said.code, 0, "{}", said.err);
        place
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tokiolings"));
        command
            .current_dir(self.folder.path())
            .env("TOKIOLINGS_HOME", home())
            .stdin(std::process::Stdio::null());
        command
    }

    fn call(&self, args: &[&str]) -> Said {
        said(self.command().args(args).output().expect("the program starts"))
    }

    fn solve(&self, chapter: &str, name: &str) {
        let solution = root().join("solutions").join(chapter).join(format!("{name}.rs"));
        fs::copy(solution, self.path(&format!("exercises/{chapter}/{name}.rs")))
            .expect("the solution is copied");
    }

    fn state_of(&self, name: &str) -> serde_json::Value {
        let listed = self.call(&["list", "--format", "json"]);
        assert_eq!(listed.code, 0, "{}", listed.err);
        let mut steps =
            listed.out.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
        steps.find(|step| step["name"] == name).unwrap_or_else(|| panic!("{name} is not listed"))
    }
}

fn said(output: Output) -> Said {
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("home")
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

const CHAPTER: &str = "01_inert_plans";

#[test]
fn init_writes_a_workspace_and_never_overwrites() {
    let place = Place::new();
    let said = place.call(&["init", "here"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let file = place.path("here/exercises/01_inert_plans/lazy_call.rs");
    assert!(place.path("here/Cargo.toml").is_file() && place.path("here/.gitignore").is_file());
    fs::write(&file, "// mine\n").expect("written");
    fs::remove_file(place.path("here/exercises/01_inert_plans/plan_order.rs")).expect("removed");
    let again = place.call(&["init", "here"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.out.contains("added exercises/01_inert_plans/plan_order.rs"), "{}", again.out);
    assert_eq!(fs::read_to_string(&file).expect("read"), "// mine\n");
}

#[test]
fn a_learner_goes_from_a_refusal_to_a_solved_step() {
    let place = Place::with_workspace();
    let refused = place.call(&["run", "lazy_call"]);
    assert_eq!(refused.code, 1, "{}{}", refused.out, refused.err);
    assert!(refused.out.starts_with("Not yet: "), "{}", refused.out);
    assert!(!refused.out.contains('\u{1b}'), "no colour without a terminal");

    let early = place.call(&["solution", "lazy_call"]);
    assert_eq!((early.code, early.out.as_str()), (1, ""), "{}", early.err);
    assert!(early.err.contains("--give-up"), "{}", early.err);

    place.solve(CHAPTER, "lazy_call");
    let passed = place.call(&["run", "lazy_call", "--format", "json"]);
    assert_eq!(passed.code, 0, "{}{}", passed.out, passed.err);
    let verdict: serde_json::Value = serde_json::from_str(passed.out.trim()).expect("one object");
    assert_eq!(
        (&verdict["schema"], &verdict["verdict"]),
        (&"tokiolings/verdict/v1".into(), &"passed".into())
    );

    let state = place.state_of("lazy_call");
    assert_eq!((&state["state"], &state["attempts"]), (&"solved".into(), &2.into()), "{state}");
    let again = place.call(&["run", "lazy_call"]);
    let next = "\n\nNext: the quiz forgotten_await\nRead it with `tokiolings answer forgotten_await`.\n";
    assert!(again.out.ends_with(next), "{}", again.out);
    let solution = place.call(&["solution", "lazy_call"]);
    let expected = fs::read_to_string(root().join("solutions/01_inert_plans/lazy_call.rs")).expect("read");
    assert_eq!((solution.code, solution.out), (0, expected));
    let same = place.call(&["solution", "lazy_call", "--diff"]);
    assert_eq!(
        (same.code, same.out.as_str()),
        (0, "Your file equals the reference solution, line for line.\n")
    );
    let file = place.path("exercises/01_inert_plans/lazy_call.rs");
    let mine = fs::read_to_string(&file).expect("read") + "// mine\n";
    fs::write(&file, mine).expect("written");
    let other = place.call(&["solution", "lazy_call", "--diff"]);
    assert!(other.out.contains("- // mine"), "{}", other.out);
}

#[test]
fn a_list_entry_has_the_fields_of_the_format() {
    let place = Place::with_workspace();
    let state = place.state_of("lazy_call");
    let expected = serde_json::json!({
        "name": "lazy_call", "chapter": "01_inert_plans", "kind": "exercise", "state": "pending",
        "core": true, "current": true, "attempts": 0, "hints": 0
    });
    assert_eq!(state, expected);
    assert_eq!(place.state_of("forgotten_await")["kind"], "quiz");
}

#[test]
fn next_names_the_current_step_and_its_file() {
    let place = Place::with_workspace();
    let next = place.call(&["next"]);
    assert_eq!(next.code, 0, "{}", next.err);
    let lines: Vec<&str> = next.out.lines().collect();
    assert!(lines[0].starts_with("Inert plans · lazy_call"), "{}", next.out);
    assert_eq!(lines[1..], ["exercises/01_inert_plans/lazy_call.rs", "pending"]);

    let path = place.call(&["next", "--path"]);
    let expected = place.path("exercises/01_inert_plans/lazy_call.rs").canonicalize().expect("it is there");
    assert_eq!(Path::new(path.out.trim_end()).canonicalize().expect("it is there"), expected);
}

#[test]
fn hints_come_one_more_each_time_and_are_counted() {
    let place = Place::with_workspace();
    let first = place.call(&["hint", "lazy_call"]);
    assert!(
        first.code == 0 && first.out.contains("Hint 1 of 3") && !first.out.contains("Hint 2"),
        "{}",
        first.out
    );
    let second = place.call(&["hint"]);
    assert!(second.out.contains("Hint 1 of 3") && second.out.contains("Hint 2 of 3"), "{}", second.out);
    assert_eq!(place.state_of("lazy_call")["hints"], 2);
    place.call(&["hint"]);
    let none_left = place.call(&["hint"]);
    assert!(none_left.out.contains("no more hints"), "{}", none_left.out);
}

#[test]
fn a_quiz_is_answered_by_the_number_shown() {
    let place = Place::with_workspace();
    let shown = place.call(&["answer", "forgotten_await"]);
    assert_eq!(shown.code, 1);
    assert!(!shown.out.contains("Not "), "{}", shown.out);
    let right = (1..=4).find(|number| {
        let said = place.call(&["answer", "forgotten_await", &number.to_string()]);
        assert!(said.code <= 1, "{}", said.err);
        let replied = said.out.contains(&format!("\nNot {number}. ")) && !said.out.contains("Look again");
        assert!(said.code == 0 || replied, "{}", said.out);
        said.code == 0
    });
    assert!(right.is_some(), "one of four answers is right");
    assert_eq!(place.state_of("forgotten_await")["state"], "solved");
    let beyond = place.call(&["answer", "forgotten_await", "9"]);
    assert!(beyond.code == 2 && beyond.err.contains("from 1 to 4"), "{}", beyond.err);
}

#[test]
fn a_quiz_as_json_reveals_a_reply_once_its_choice_was_made() {
    let place = Place::with_workspace();
    let json = |arguments: &[&str], code| {
        let said = place.call(&[arguments, &["--format", "json"]].concat());
        assert_eq!(said.code, code, "{}", said.err);
        serde_json::from_str::<serde_json::Value>(said.out.trim()).expect("one object")
    };
    let asked = json(&["run", "what_prints"], 1);
    assert_eq!((&asked["schema"], &asked["solved"]), (&"tokiolings/quiz/v1".into(), &false.into()));
    let choices = asked["choices"].as_array().expect("choices");
    assert!(
        choices.iter().all(|choice| choice["refused"] == false && choice.get("says").is_none()),
        "{asked}"
    );
    let number = |text: &str| {
        let choice = choices.iter().find(|choice| choice["text"] == text).expect("it is a choice");
        choice["number"].as_u64().expect("a number")
    };
    let (right, wrong) = (number("cake tea").to_string(), number("tea cake"));
    let refused = json(&["answer", "what_prints", &wrong.to_string()], 1);
    for choice in refused["choices"].as_array().expect("choices") {
        let chosen = choice["number"] == wrong;
        assert_eq!((choice["refused"] == true, choice.get("says").is_some()), (chosen, chosen), "{refused}");
    }
    assert!(refused.get("answer").is_none() && refused.get("explain").is_none(), "{refused}");
    let solved = json(&["answer", "what_prints", &right], 0);
    assert_eq!((&solved["solved"], solved["answer"].to_string()), (&true.into(), right));
    assert!(solved["explain"].is_string(), "{solved}");
}

#[test]
fn a_prediction_runs_its_program_once_it_is_answered() {
    let place = Place::with_workspace();
    let json = |arguments: &[&str]| {
        let said = place.call(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str::<serde_json::Value>(said.out.trim()).expect("one object")
    };
    let asked = json(&["answer", "prices_in_a_vec"]);
    assert!(asked["program"].is_string() && asked.get("printed").is_none(), "{asked}");
    let answered = json(&["answer", "prices_in_a_vec", "1"]);
    assert_eq!(answered["printed"], "2 prices\nasked for tea\n3\nasked for bread\n5\n", "{answered}");
    assert!(answered.get("recorded").is_none(), "{answered}");
    assert_eq!(place.state_of("prices_in_a_vec")["kind"], "prediction");
    let drawn = place.call(&["run", "prices_in_a_vec", "--timeline"]);
    assert!(drawn.out.contains("See it run") && drawn.out.contains("✓ the_program"), "{}", drawn.out);
}

#[test]
fn reset_keeps_a_backup_and_says_where() {
    let place = Place::with_workspace();
    let file = place.path("exercises/01_inert_plans/lazy_call.rs");
    let starter = fs::read_to_string(&file).expect("read");
    assert!(place.call(&["reset", "lazy_call"]).out.contains("is the same as the starter"));
    fs::write(&file, "// hours of work\n").expect("written");
    let said = place.call(&["reset", "lazy_call"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let backup = said.out.split_whitespace().last().expect("a path");
    let backup = if Path::new(backup).is_absolute() { PathBuf::from(backup) } else { place.path(backup) };
    assert_eq!(fs::read_to_string(backup).expect("the backup"), "// hours of work\n");
    assert_eq!(fs::read_to_string(&file).expect("read"), starter);
}

#[test]
fn giving_up_shows_the_solution_and_is_recorded() {
    let place = Place::with_workspace();
    let said = place.call(&["solution", "plan_order", "--give-up"]);
    assert!(said.code == 0 && said.out.contains("fn pay"), "{}{}", said.out, said.err);
    let progress = fs::read_to_string(place.path(".tokiolings/progress.toml")).expect("read");
    assert!(progress.contains("gave_up = true"), "{progress}");
}

#[test]
fn check_grades_everything_and_tells_who_is_solved() {
    let place = Place::with_workspace();
    place.solve(CHAPTER, "lazy_call");
    place.solve(CHAPTER, "plan_order");
    let said = place.call(&["check", "--format", "json"]);
    assert_eq!(said.code, 1, "{}", said.err);
    let verdicts: Vec<serde_json::Value> =
        said.out.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    let passed: Vec<_> =
        verdicts.iter().filter(|v| v["verdict"] == "passed").map(|v| v["exercise"].clone()).collect();
    assert_eq!(passed, ["lazy_call", "plan_order"]);
    assert_eq!(place.state_of("plan_order")["state"], "solved");
    assert_eq!(place.state_of("async_block")["attempts"], 0, "a sweep is no attempt");
}

#[test]
fn without_a_terminal_the_current_step_is_graded_once() {
    let place = Place::new();
    let said = place.call(&[]);
    assert_eq!(said.code, 1, "{}{}", said.out, said.err);
    assert!(said.out.contains("lazy_call") && said.out.contains("Not yet: "), "{}", said.out);
    assert!(place.path("tokiolings/Cargo.toml").is_file(), "the workspace was set up");
    let solution = root().join("solutions").join(CHAPTER).join("lazy_call.rs");
    fs::copy(solution, place.path("tokiolings/exercises/01_inert_plans/lazy_call.rs")).expect("copied");
    let solved = place.call(&[]);
    assert_eq!(solved.code, 0, "{}{}", solved.out, solved.err);
    let next = "\n\nNext: the quiz forgotten_await\nRead it with `tokiolings answer forgotten_await`.\n";
    assert!(solved.out.contains("Solved!") && solved.out.ends_with(next), "{}", solved.out);
}

#[test]
fn wrong_command_lines_say_what_and_exit_with_2() {
    let place = Place::new();
    let nowhere = place.call(&["list"]);
    assert!(nowhere.code == 2 && nowhere.err.contains("run `tokiolings` to set one up"), "{}", nowhere.err);
    let place = Place::with_workspace();
    let unknown = place.call(&["run", "lazy_cal"]);
    assert!(unknown.code == 2 && unknown.err.contains("did you mean `lazy_call`?"), "{}", unknown.err);
    let quiz = place.call(&["reset", "forgotten_await"]);
    assert!(quiz.code == 2 && quiz.err.contains("it is a quiz"), "{}", quiz.err);
    let missing = place.call(&["grade", "lazy_call", "no_such.rs", "neither.rs"]);
    assert!(
        missing.code == 2 && missing.err.contains("no_such.rs") && missing.err.contains("neither.rs"),
        "{}",
        missing.err
    );
    assert_eq!(place.call(&["--no-such-flag"]).code, 2);
}

#[test]
fn a_faulty_workbook_is_reported_whole_with_2() {
    let place = Place::new();
    fs::create_dir_all(place.path("book/exercises")).expect("a folder");
    fs::write(place.path("book/exercises/workbook.toml"), "format = 1\ntitel = \"x\"\nchapters = [\"1\"]\n")
        .expect("written");
    let said = place.call(&["--workbook", "book", "list"]);
    assert_eq!(said.code, 2, "{}", said.out);
    assert!(said.err.contains("workbook.toml:2") && said.err.contains("workbook.toml:3"), "{}", said.err);
}

#[test]
fn a_machine_without_rust_is_broken_with_a_remedy_and_costs_nothing() {
    let place = Place::with_workspace();
    let said =
        said(place.command().args(["run", "lazy_call"]).env("PATH", "/nowhere").output().expect("it starts"));
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(said.out.contains("rustup.rs") && said.out.contains("progress is unchanged"), "{}", said.out);
    assert_eq!(place.state_of("lazy_call")["attempts"], 0);
}

#[test]
fn a_home_that_cannot_be_written_is_broken_with_a_remedy() {
    let place = Place::with_workspace();
    fs::write(place.path("file"), "").expect("written");
    let home = place.path("file/home");
    let said = said(
        place.command().args(["run", "lazy_call"]).env("TOKIOLINGS_HOME", home).output().expect("it starts"),
    );
    assert_eq!(said.code, 3, "{}{}", said.out, said.err);
    assert!(said.out.contains("TOKIOLINGS_HOME"), "{}", said.out);
}

#[test]
fn grade_needs_no_workspace_and_says_which_walls_hold() {
    let place = Place::new();
    let solution = root().join("solutions/01_inert_plans/lazy_call.rs");
    let starter = root().join("exercises/01_inert_plans/lazy_call.rs");
    let (solution, starter) = (solution.to_str().expect("UTF-8"), starter.to_str().expect("UTF-8"));
    let said = place.call(&["grade", "lazy_call", solution, starter, "--format", "json"]);
    if said.code == 2 || said.code == 3 {
        assert!(said.err.contains("--unconfined"), "{}", said.err);
        return;
    }
    assert_eq!(said.code, 1, "{}", said.err);
    assert!(said.err.contains("confined: "), "{}", said.err);
    let verdicts: Vec<&str> = said
        .out
        .lines()
        .map(|line| if line.contains("\"verdict\":\"passed\"") { "passed" } else { "other" })
        .collect();
    assert_eq!(verdicts, ["passed", "other"]);
    assert_eq!(place.call(&["grade", "lazy_call", solution, "--unconfined"]).code, 0);
}

#[test]
fn what_cannot_be_kept_is_told_after_the_verdict_which_decides_the_exit_code() {
    let place = Place::with_workspace();
    place.solve(CHAPTER, "lazy_call");
    // As unwritable as a read-only disk, for root as well.
    let lock = place.path(".tokiolings/lock");
    fs::remove_file(&lock).expect("there is a lock");
    fs::create_dir(&lock).expect("a folder in its place");
    for (args, code, shown) in [
        (&["run", "lazy_call"][..], 0, "Solved!"),
        (&["run", "plan_order"], 1, "Not yet: "),
        (&["check"], 1, "1 of "),
        (&["hint", "lazy_call"], 0, "Hint 1 of 3"),
        (&["answer", "what_prints", "1"], 1, "What does"),
    ] {
        let said = place.call(args);
        // Which choice is right differs by learner.
        let code = if args[0] == "answer" { said.code } else { code };
        assert_eq!(said.code, code, "{args:?}: {}{}", said.out, said.err);
        assert!(said.out.contains(shown), "{args:?}: {}{}", said.out, said.err);
        assert!(said.err.contains("could not be saved: failed to write"), "{args:?}: {}", said.err);
    }
    let watched = place.call(&[]);
    assert_eq!(watched.code, 0, "{}{}", watched.out, watched.err);
    let (solved, lost) = (watched.out.find("Solved!"), watched.out.find("could not be saved"));
    assert!(solved.is_some() && solved < lost, "{}", watched.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_could_not_be_written_is_no_success() {
    let place = Place::with_workspace();
    for args in [
        &["report", "--recorded", "--format", "gradescope"][..],
        &["report", "--recorded"],
        &["list"],
        &["next", "--path"],
        &["--help"],
        &["--version"],
    ] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has it");
        let full = said(place.command().args(args).stdout(full).output().expect("it starts"));
        assert_eq!(full.code, 3, "{args:?}: {}", full.err);
        assert!(full.err.contains("write to standard output: No space left"), "{args:?}: {}", full.err);

        let whole = place.call(args);
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let left = said(place.command().args(args).stdout(writer).output().expect("it starts"));
        assert_eq!(
            (left.code, left.err),
            (whole.code, whole.err),
            "{args:?}: nobody reads, and that is fine"
        );
    }
}

#[test]
fn init_in_a_workspace_or_below_it_puts_missing_files_back_there() {
    let place = Place::with_workspace();
    let missing = place.path("exercises/01_inert_plans/plan_order.rs");
    for (below, args) in [
        ("", &["init"][..]),
        ("", &["init", "."]),
        ("exercises/02_engine", &["init"]),
        ("exercises/02_engine", &["init", "."]),
        ("exercises/02_engine", &["init", "../../exercises"]),
    ] {
        fs::remove_file(&missing).expect("it was there");
        let said =
            said(place.command().current_dir(place.path(below)).args(args).output().expect("it starts"));
        assert_eq!(said.code, 0, "{below} {args:?}: {}", said.err);
        assert!(said.out.contains("1 file added to "), "{}", said.out);
        assert!(
            said.out.ends_with("added exercises/01_inert_plans/plan_order.rs\nNext: tokiolings\n"),
            "{}",
            said.out
        );
        assert!(missing.is_file(), "{below} {args:?}");
        let nested = [place.path("tokiolings"), place.path(below).join("tokiolings")];
        assert!(nested.iter().all(|folder| !folder.exists()), "{below} {args:?}");
    }
    let nested = place.call(&["init", "another"]);
    assert_eq!(nested.code, 2, "{}", nested.out);
    assert!(nested.err.contains("inside the workspace") && !place.path("another").exists(), "{}", nested.err);
}

#[test]
fn a_workspace_remembers_its_workbook_and_is_opened_with_no_other() {
    let place = Place::new();
    assert_eq!(place.call(&["author", "new", "--workbook", "wb"]).code, 0);
    let made = place.call(&["--workbook", "wb", "init", "it's mine"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.ends_with("Next: cd \"it's mine\" && tokiolings\n"), "{}", made.out);
    let inside = |args: &[&str]| {
        said(place.command().current_dir(place.path("it's mine")).args(args).output().expect("it starts"))
    };
    let steps = |said: Said| {
        assert_eq!(said.code, 0, "{}", said.err);
        let names = said.out.lines().map(|line| {
            let step: serde_json::Value = serde_json::from_str(line).expect("JSON");
            step["name"].as_str().expect("a name").to_owned()
        });
        names.collect::<Vec<_>>()
    };
    let list = &["list", "--format", "json"];
    let own = steps(inside(&["--workbook", "../wb", "list", "--format", "json"]));
    assert!(!own.contains(&"lazy_call".to_owned()) && !own.is_empty(), "{own:?}");
    assert_eq!(steps(inside(list)), own);
    let manifest = fs::read_to_string(place.path("it's mine/Cargo.toml")).expect("read");
    let again = inside(&["init"]);
    assert!(again.out.contains("0 files added"), "{}{}", again.out, again.err);

    // Another one does not get in.
    let root = root();
    let other = inside(&["--workbook", root.to_str().expect("UTF-8"), "list"]);
    assert_eq!(other.code, 2, "{}", other.out);
    assert!(other.err.contains("it was set up for \"") && other.err.contains("init DIR"), "{}", other.err);

    // Who grades does not go by what a learner's folder says.
    let grade = inside(&["grade", "lazy_call", "no_such.rs"]);
    assert!(grade.code == 2 && grade.err.contains("no_such.rs"), "{}", grade.err);
    let report = inside(&["report", "--recorded", "--format", "json"]);
    assert!(report.out.contains("lazy_call"), "{}{}", report.out, report.err);

    // It has moved.
    fs::rename(place.path("wb"), place.path("moved")).expect("moved");
    for args in [&["list"][..], &["next"], &["run"], &["check"], &["init"], &[]] {
        let lost = inside(args);
        assert_eq!(lost.code, 2, "{args:?}: {}{}", lost.out, lost.err);
        assert!(
            lost.err.contains("is not there any more") && lost.err.contains("/wb,"),
            "{args:?}: {}",
            lost.err
        );
        assert!(lost.err.contains("`tokiolings --workbook DIR`"), "{args:?}: {}", lost.err);
    }
    assert_eq!(fs::read_to_string(place.path("it's mine/Cargo.toml")).expect("read"), manifest);
    assert_eq!(steps(inside(&["--workbook", "../moved", "list", "--format", "json"])), own);
    assert_eq!(steps(inside(list)), own, "named once");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn a_cargo_workspace_around_it_goes_on_loading() {
    let place = Place::new();
    fs::create_dir_all(place.path("a/src")).expect("a folder");
    fs::write(place.path("a/src/lib.rs"), "").expect("written");
    fs::write(place.path("a/Cargo.toml"), "[package]\nname = \"a\"\nedition = \"2024\"\n").expect("written");
    let around = |more: &str| {
        let text = format!("[workspace]\nmembers = [\"*\"]\nresolver = \"3\"\n{more}");
        fs::write(place.path("Cargo.toml"), text).expect("written");
    };
    around("");
    for args in [&["init", "mine"][..], &["init"], &[]] {
        let said = place.call(args);
        assert_eq!(said.code, 2, "{args:?}: {}{}", said.out, said.err);
        let name = if args.len() == 2 { "mine" } else { "tokiolings" };
        assert!(said.err.contains(&format!("add `exclude = [\"{name}\"]`")), "{args:?}: {}", said.err);
        assert!(!place.path(name).exists(), "{args:?}: nothing was written");
    }
    around("exclude = [\"mine\"]\n");
    let said = place.call(&["init", "mine"]);
    assert_eq!(said.code, 0, "{}", said.err);
    let cargo = |args: &[&str]| {
        Command::new(env!("CARGO"))
            .current_dir(place.folder.path())
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .args(args)
            .output()
            .expect("cargo starts")
            .status
    };
    assert!(cargo(&[]).success() && cargo(&["--manifest-path", "mine/Cargo.toml"]).success());
    around("");
    assert!(!cargo(&[]).success(), "without the line it breaks");
}

#[test]
fn what_a_newer_workbook_renames_removes_or_starts_anew_is_told() {
    let place = Place::new();
    for args in [
        &["author", "new", "--workbook", "wb"][..],
        &["author", "new", "--workbook", "wb", "01_first/plain"],
        &["author", "new", "--workbook", "wb", "01_first/other"],
    ] {
        let said = place.call(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
    }
    assert_eq!(place.call(&["--workbook", "wb", "init", "ws"]).code, 0);
    let inside = |args: &[&str]| {
        said(place.command().current_dir(place.path("ws")).args(args).output().expect("it starts"))
    };
    fs::write(place.path("ws/exercises/01_first/plain.rs"), "// mine\n").expect("written");
    fs::write(place.path("ws/exercises/01_first/other.rs"), "// mine, too\n").expect("written");
    let progress = "schema = 1\nlearner = \"x\"\n[steps.plain]\nstate = \"solved\"\n[steps.older]\nstate = \"solved\"\n\
                    # end of progress\n";
    fs::write(place.path("ws/.tokiolings/progress.toml"), progress).expect("written");

    let manifest = place.path("wb/exercises/01_first/chapter.toml");
    let text = fs::read_to_string(&manifest).expect("read");
    let text = text.replace("exercise = \"plain\"", "exercise = \"simple\"\nwas = [\"plain\"]");
    fs::write(&manifest, text).expect("written");
    for area in ["exercises", "solutions", "tests/hidden"] {
        let folder = place.path("wb").join(area).join("01_first");
        fs::rename(folder.join("plain.rs"), folder.join("simple.rs")).expect("renamed");
    }
    fs::write(place.path("wb/exercises/01_first/other.rs"), "// newer\nfn main() {}\n").expect("written");

    let again = inside(&["init", "."]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert!(again.err.contains("`plain` is `simple` now"), "{}", again.err);
    let kept = "your exercises/01_first/other.rs stays, although there is a newer one; tokiolings reset other \
                installs it";
    assert!(again.out.contains(kept), "{}", again.out);
    assert!(again.out.contains("you had solved older, which is no longer in the workbook"), "{}", again.out);
    assert_eq!(fs::read_to_string(place.path("ws/exercises/01_first/simple.rs")).expect("read"), "// mine\n");
    let list = inside(&["list"]);
    assert!(
        list.out.contains("no longer in the workbook: older") && list.err.is_empty(),
        "{}{}",
        list.out,
        list.err
    );
    let progress = fs::read_to_string(place.path("ws/.tokiolings/progress.toml")).expect("read");
    assert!(progress.contains("[steps.simple]\nstate = \"solved\""), "{progress}");
}

#[test]
fn the_version_names_the_workbook_and_the_compiler() {
    let place = Place::new();
    let said = place.call(&["--version"]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert_eq!((said.code, lines[0]), (0, concat!("tokiolings ", env!("CARGO_PKG_VERSION"))), "{}", said.err);
    assert!(lines[1].starts_with("workbook: ") && lines[1].ends_with(", built in"), "{}", said.out);
    assert!(lines[2].starts_with("compiler: rustc ") && lines.len() == 3, "{}", said.out);
    let edition =
        |line: &str| line.split("edition ").nth(1).expect("an edition").split(',').next().map(str::to_owned);

    assert_eq!(place.call(&["author", "new", "--workbook", "wb"]).code, 0);
    let own = place.call(&["--workbook", "wb", "-V"]).out;
    let own = own.lines().nth(1).expect("a workbook");
    assert!(own.contains(", in /") && own.ends_with("/wb") && edition(own) != edition(lines[1]), "{own}");

    let bare = said_without_rust(&place, &["--version"]);
    assert!(bare.out.contains("compiler: none; ") && bare.code == 0, "{}", bare.out);
}

fn said_without_rust(place: &Place, args: &[&str]) -> Said {
    said(place.command().args(args).env("PATH", "/nowhere").output().expect("it starts"))
}

#[test]
fn completions_and_manual_know_every_command_and_need_no_workbook() {
    let place = Place::new();
    // A workbook that cannot be read is in nobody's way here.
    fs::create_dir_all(place.path("exercises")).expect("a folder");
    fs::write(place.path("exercises/workbook.toml"), "garbage").expect("written");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let said = place.call(&["completions", shell]);
        assert_eq!(said.code, 0, "{shell}: {}", said.err);
        for word in ["book", "cohort", "solution", "give-up", "auto-advance"] {
            assert!(said.out.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(place.call(&["completions", "tcsh"]).code, 2);
    let page = place.call(&["man"]);
    assert!(page.code == 0 && page.out.contains(".TH tokiolings 1"), "{}{}", page.out, page.err);
    assert!(page.out.contains("tokiolings\\-report(1)"), "{}", page.out);
    let pages = place.call(&["man", "pages"]);
    assert_eq!(pages.code, 0, "{}", pages.err);
    assert!(place.path("pages/tokiolings-report.1").is_file() && place.path("pages/tokiolings.1").is_file());
}

/// The processes of hidden tests of an exercise, of those that this file has started.
#[cfg(target_os = "linux")]
fn hidden_tests_of(name: &str) -> Vec<String> {
    let builds = home().join("builds").display().to_string();
    let running = |entry: fs::DirEntry| {
        let command = fs::read(entry.path().join("cmdline")).ok()?;
        let program = String::from_utf8_lossy(command.split(|byte| *byte == 0).next()?);
        let ours = program.starts_with(&builds) && program.contains(&format!("/{name}/"));
        (ours && program.ends_with("/hidden_tests")).then(|| entry.file_name().to_string_lossy().into_owned())
    };
    let mut found: Vec<String> =
        fs::read_dir("/proc").expect("there is /proc").flatten().filter_map(running).collect();
    found.sort();
    found
}

/// Looks at the hidden tests of an exercise until ten looks in a row have found the same, and that is as wanted.
#[cfg(target_os = "linux")]
#[expect(
    clippy::disallowed_methods,
    reason = "the kernel tells nobody when a process is gone that is not his child"
)]
fn settled(name: &str, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    let mut last = hidden_tests_of(name);
    let mut same = 0;
    for _ in 0..1000 {
        if same == 10 && wanted(&last) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
        let now = hidden_tests_of(name);
        same = if now == last { (same + 1).min(10) } else { 0 };
        last = now;
    }
    last
}

#[cfg(target_os = "linux")]
#[test]
fn a_grader_that_is_killed_leaves_no_test_behind() {
    let place = Place::with_workspace();
    let name = "spinning_block_on";
    let file = "exercises/04_wakers/spinning_block_on.rs";
    let hangs = "tests/wrong/04_wakers/spinning_block_on/unparks_the_caller.rs";
    let hangs = Path::new(env!("CARGO_MANIFEST_DIR")).join(hangs);
    // What exercises use is built before anybody waits for a hang.
    place.call(&["run", "lazy_call"]);
    fs::copy(hangs, place.path(file)).expect("it is there");
    for args in [&["run", name] as &[&str], &["grade", name, file]] {
        let mut command = place.command();
        command.args(args).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
        let mut grader = command.spawn().expect("the program starts");
        let hanging = settled(name, |running| !running.is_empty());
        if args[0] == "grade" && grader.try_wait().expect("it can be asked").is_some() {
            println!("not checked behind walls: this machine cannot build them");
            continue;
        }
        assert!(!hanging.is_empty(), "no hidden test hangs");
        grader.kill().and_then(|()| grader.wait()).expect("it is killed");
        let left = settled(name, <[String]>::is_empty);
        assert!(left.is_empty(), "{args:?}: {left:?} of {hanging:?} go on");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
fn cargo_takes_what_the_grader_has_built() {
    let place = Place::with_workspace();
    place.call(&["run", "lazy_call"]);
    let config = fs::read_to_string(place.path(".cargo/config.toml")).expect("the grader has built");
    let config: toml::Table = config.parse().expect("TOML");
    let target = PathBuf::from(config["build"]["target-dir"].as_str().expect("a folder"));
    let built = fs::read(target.with_file_name("built-base.json")).expect("what was built");
    let built: serde_json::Value = serde_json::from_slice(&built).expect("JSON");
    let crates = built["crates"].as_object().expect("crates");
    let lock = fs::read(place.path("Cargo.lock")).expect("a lock file");

    let check = ["build", "--offline", "--message-format=json"];
    let output = Command::new(env!("CARGO")).args(check).current_dir(place.folder.path()).output();
    let output = said(output.expect("cargo starts"));
    assert_eq!(output.code, 0, "{}", output.err);
    let artifacts: Vec<serde_json::Value> = output
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|message: &serde_json::Value| message["reason"] == "compiler-artifact")
        .collect();
    // A build of its own would lie beside the grader's, under another name, and be fresh the next time.
    for (name, path) in crates {
        let found = artifacts.iter().find(|artifact| artifact["target"]["name"] == name.as_str());
        let files = &found.unwrap_or_else(|| panic!("cargo names no {name}"))["filenames"];
        assert!(files.as_array().is_some_and(|files| files.contains(path)), "{path} is not among {files}");
    }
    for artifact in artifacts.iter().filter(|artifact| artifact["target"]["name"] != "lazy_call") {
        assert_eq!(artifact["fresh"], true, "{artifact:#}");
    }
    let names = |lock: &[u8]| -> Vec<String> {
        let text = String::from_utf8_lossy(lock).into_owned();
        let at = text.find("name = \"my-tokiolings\"").expect("the workspace's package");
        text[at..].lines().skip(2).take_while(|line| *line != "]").map(str::to_owned).collect()
    };
    let now = fs::read(place.path("Cargo.lock")).expect("a lock file");
    assert_eq!(names(&lock), names(&now), "cargo had to change what the package needs");
}
