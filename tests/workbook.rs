//! Reading a workbook from a folder: a good one, each fault that a broken one can have, and the built-in one.

#![expect(clippy::unwrap_used, reason = "clippy takes only the `#[test]` functions of this file for tests")]

use std::fs;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use tokiolings::workbook::{
    DEFAULT_LIMIT, Expectation, Fails, Faults, Implementation, Step, Workbook, answers, equivalents,
};

const BOOK: &str = "exercises/workbook.toml";
const ONE: &str = "exercises/01_one/chapter.toml";
const TWO: &str = "exercises/02_two/chapter.toml";
const WRONG: &str = "tests/wrong/01_one/first/silent.rs";

/// A small good workbook.
const GOOD: [(&str, &str); 21] = [
    (
        BOOK,
        r#"format = 1
title = "Small"
welcome = "Hello."
farewell = "Goodbye."
chapters = ["01_one", "02_two"]

[dependencies]
tokio = { version = "1", features = ["full"] }

[dependencies.codec]
tokio-util = "0.7"
"#,
    ),
    ("exercises/workbook.lock", "version = 4\n"),
    (
        ONE,
        r#"title = "One"

[[step]]
exercise = "first"
core = true
hints = ["a", "b"]

[[step]]
quiz = "ask"
question = "Which?"
choices = [
    { text = "this", says = "Look at the other one." },
    { text = "that" },
]
answer = 1
explain = "That."
"#,
    ),
    ("exercises/01_one/README.md", "# One\n"),
    ("exercises/01_one/first.rs", "fn main() {}\n"),
    ("solutions/01_one/first.rs", "fn main() { }\n"),
    ("tests/hidden/01_one/first.rs", "/// It is heard.\n#[test]\nfn heard() {}\n"),
    (WRONG, "//! fails: heard\n//! says: nothing was heard\nfn main() {}\n"),
    ("tests/wrong/01_one/first/typed.rs", "//! fails: compile E0308\n//! says: mismatched\nfn main() {}\n"),
    ("tests/right/01_one/first/loud.rs", "//! Louder.\nfn main() {}\n"),
    (
        TWO,
        r#"title = "Two"

[[step]]
exercise = "second"
hints = ["a"]
needs = "codec"
program = true
deny = ["unused_must_use"]
clippy = ["await_holding_lock"]
unsafe = true
limit = "500ms"
points = 3
hang = { parked = "asleep", spinning = "busy" }
"#,
    ),
    ("exercises/02_two/README.md", "# Two\n"),
    ("exercises/02_two/second.rs", ""),
    ("solutions/02_two/second.rs", ""),
    ("tests/hidden/02_two/second.rs", "#[test]\nfn a() {}\n#[test]\nfn b() {}\n"),
    ("tests/testkit/Cargo.toml", "[package]\nname = \"testkit\"\n"),
    ("tests/testkit/lib.rs", "//! Kit.\n"),
    ("tests/testkit/clock.rs", ""),
    ("tests/testkit/README.md", ""),
    ("tests/testkit/tests/own.rs", ""),
    // Build output is not looked at.
    ("exercises/target/old.rs", ""),
];

/// The choices of its quiz, and which is right.
const CHOICES: &str = r#"choices = [
    { text = "this", says = "Look at the other one." },
    { text = "that" },
]
answer = 1
"#;

/// What makes a good workbook a broken one.
enum Change {
    Write(&'static str, &'static str),
    /// In the first file, the second text once by the third.
    Replace(&'static str, &'static str, &'static str),
    Delete(&'static str),
}
use Change::{Delete, Replace, Write};

fn workbook(changes: &[Change]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for (path, text) in GOOD {
        write(path, text);
    }
    for change in changes {
        match change {
            Write(path, text) => write(path, text),
            Replace(path, old, new) => {
                let text = fs::read_to_string(folder.path().join(path)).unwrap();
                assert!(text.contains(old), "{path} has no {old:?}");
                write(path, &text.replacen(old, new, 1));
            }
            Delete(path) => fs::remove_file(folder.path().join(path)).unwrap(),
        }
    }
    folder
}

fn faults(changes: &[Change]) -> Vec<(String, Option<usize>, String)> {
    let (_, Faults(faults)) = Workbook::survey(workbook(changes).path());
    faults.into_iter().map(|fault| (fault.file, fault.line, fault.problem)).collect()
}

/// Exactly these faults, in order: file, line (0 for none), part of the problem.
#[track_caller]
fn assert_faults(changes: &[Change], expected: &[(&str, usize, &str)]) {
    let found = faults(changes);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for ((file, line, problem), (want_file, want_line, part)) in found.iter().zip(expected) {
        assert_eq!((file.as_str(), line.unwrap_or(0)), (*want_file, *want_line), "{problem}");
        assert!(problem.contains(part), "{problem:?} has no {part:?}");
    }
}

#[test]
fn a_good_workbook_is_read_whole() {
    let folder = workbook(&[]);
    let book = Workbook::read(folder.path()).unwrap();
    assert_eq!((book.title.as_str(), book.welcome.as_str()), ("Small", "Hello."));
    assert_eq!(book.dependencies.crates_for(Some("codec")), ["tokio", "tokio_util"]);
    assert_eq!(book.dependencies.lock.as_deref(), Some("version = 4\n"));
    let testkit: Vec<_> = book.testkit.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(testkit, ["Cargo.toml", "clock.rs", "lib.rs"]);

    let names: Vec<_> = book.steps().map(|(chapter, step)| (chapter.id.as_str(), step.name())).collect();
    assert_eq!(names, [("01_one", "first"), ("01_one", "ask"), ("02_two", "second")]);
    let exercises: Vec<_> = book.exercises().collect();
    let (first, second) = (exercises[0], exercises[1]);
    assert!(first.core && !first.program && !first.allow_unsafe && first.needs.is_none());
    assert_eq!((first.limit, first.points, first.hints.len()), (DEFAULT_LIMIT, 1, 2));
    assert_eq!((first.starter.as_str(), first.solution.as_str()), ("fn main() {}\n", "fn main() { }\n"));
    assert_eq!(first.hidden.tests()[0].about.as_deref(), Some("It is heard."));
    assert!(!second.core && second.program && second.allow_unsafe);
    assert_eq!((second.limit, second.points), (Duration::from_millis(500), 3));
    assert_eq!(
        (second.deny.as_slice(), second.clippy.as_slice()),
        (["unused_must_use".to_owned()].as_slice(), ["await_holding_lock".to_owned()].as_slice())
    );
    assert_eq!((second.parked.as_deref(), second.spinning.as_deref()), (Some("asleep"), Some("busy")));
    let Some(Step::Quiz(quiz)) = book.step("ask") else { panic!("no quiz") };
    let choices: Vec<_> =
        quiz.choices.iter().map(|choice| (choice.text.as_str(), choice.says.as_deref())).collect();
    assert_eq!((quiz.answer, choices), (1, vec![("this", Some("Look at the other one.")), ("that", None)]));
}

#[test]
fn choices_may_be_tables_of_their_own_and_were_plain_strings_before_they_had_replies() {
    let read = |choices: &'static str| {
        let folder = workbook(&[Replace(ONE, CHOICES, choices)]);
        let book = Workbook::read(folder.path()).unwrap();
        let Some(Step::Quiz(quiz)) = book.step("ask") else { panic!("no quiz") };
        quiz.choices.iter().map(|choice| (choice.text.clone(), choice.says.clone())).collect::<Vec<_>>()
    };
    let choice = |text: &str, says: Option<&str>| (text.to_owned(), says.map(str::to_owned));
    assert_eq!(
        read("choices = [\"this\", \"that\"]\nanswer = 1\n"),
        [choice("this", None), choice("that", None)]
    );
    assert_eq!(
        read(
            "answer = 1\nexplain = \"That.\"\n[[step.choices]]\ntext = \"this\"\nsays = \"No.\"\n[[step.choices]]\ntext = \"that\"\n\
             [[step]]\nquiz = \"more\"\nquestion = \"?\"\nchoices = [\"a\", \"b\"]\nanswer = 0\n"
        ),
        [choice("this", Some("No.")), choice("that", None)]
    );
}

#[test]
fn answers_come_with_what_is_expected_of_them() {
    let folder = workbook(&[]);
    let book = Workbook::read(folder.path()).unwrap();
    let answers = answers(folder.path(), book.exercises().next().unwrap()).unwrap();
    let names: Vec<_> = answers.iter().map(|answer| answer.name.as_str()).collect();
    assert_eq!(names, ["silent", "typed", "loud"]);
    assert_eq!(answers[0].path, WRONG);
    let says = "nothing was heard".to_owned();
    assert_eq!(answers[0].expectation, Some(Expectation { fails: Fails::Test("heard".into()), says }));
    let expectation = answers[1].expectation.as_ref().unwrap();
    assert_eq!(expectation.fails, Fails::Compile("E0308".into()));
    assert_eq!(answers[2].expectation, None);
}

#[test]
fn learners_are_not_kept_by_faults_of_what_they_do_not_use() {
    let broken = workbook(&[Write(WRONG, "fn main() {}\n"), Write("tests/right/01_one/gone.rs", "")]);
    assert!(Workbook::read(broken.path()).is_ok());
    let (_, Faults(faults)) = Workbook::survey(broken.path());
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault.file.starts_with("tests/")), "{faults:#?}");
}

#[test]
fn without_a_manifest_there_is_no_workbook() {
    assert_faults(&[Delete(BOOK)], &[(BOOK, 0, "is missing, so there is no workbook in /")]);
    assert!(Workbook::read(Path::new("/no/such/folder")).is_err());
}

#[test]
fn another_format_is_refused_before_anything_else() {
    assert_faults(
        &[Replace(BOOK, "format = 1", "format = 2\nnovelty = true")],
        &[(BOOK, 1, "format 2 is unknown: this version of tokiolings reads format 1")],
    );
    assert_faults(&[Replace(BOOK, "format = 1\n", "")], &[(BOOK, 0, "`format` is missing")]);
}

#[test]
fn faults_of_the_workbooks_manifest() {
    assert_faults(
        &[Replace(BOOK, "title =", "titel =")],
        &[
            (BOOK, 0, "`title` is missing"),
            (BOOK, 2, "`titel` is not a key of a workbook; did you mean `title`?"),
        ],
    );
    assert_faults(&[Replace(BOOK, "\"Hello.\"", "7")], &[(BOOK, 3, "`welcome` is 7, but must be a string")]);
    assert_faults(
        &[Replace(BOOK, "\"02_two\"]", "\n  \"02_two\",\n  \"01_one\"]")],
        &[(BOOK, 7, "the chapter `01_one` is listed twice")],
    );
    assert_faults(
        &[Replace(BOOK, "\"02_two\"]", "\"02_two\", \"three\"]"), Write("exercises/three/a.rs", "")],
        &[(BOOK, 5, "`three` cannot name a chapter")],
    );
    assert_faults(
        &[Replace(BOOK, "tokio = {", "tokio = 3 #")],
        &[(BOOK, 8, "`tokio` is 3, but must be a version")],
    );
}

#[test]
fn every_syntax_error_is_reported_and_nothing_that_only_follows_from_one() {
    assert_faults(
        &[Replace(ONE, "title = \"One\"", "title = \n"), Replace(ONE, "core = true", "core = maybe")],
        &[(ONE, 1, "is not valid TOML"), (ONE, 6, "is not valid TOML")],
    );
    assert_faults(
        &[Replace(ONE, "answer = 1", "answer = 1\nanswer = 1")],
        &[(ONE, 16, "is not valid TOML: duplicate key")],
    );
    assert_faults(
        &[Replace(BOOK, "chapters = [\"01_one\", \"02_two\"]", "chapters =")],
        &[(BOOK, 5, "is not valid TOML")],
    );
}

#[test]
fn faults_of_a_chapter() {
    assert_faults(
        &[Replace(ONE, "title = \"One\"\n", "")],
        &[(ONE, 0, "`title` is missing: a chapter needs it")],
    );
    assert_faults(&[Replace(ONE, "\"One\"", "\" \"")], &[(ONE, 1, "`title` is empty")]);
    assert_faults(
        &[Delete("exercises/01_one/README.md")],
        &[("exercises/01_one/README.md", 0, "is missing")],
    );
    assert_faults(&[Delete(ONE)], &[(ONE, 0, "is missing; every chapter has one")]);
    assert_faults(
        &[Replace(ONE, "[[step]]\nquiz", "[[steps]]\nquiz")],
        &[(ONE, 8, "`steps` is not a key of a chapter; did you mean `step`?")],
    );
    assert_faults(
        &[Replace(ONE, "\"first\"", "\"first\"\nquiz = \"too\"")],
        &[(ONE, 3, "a step is an exercise, a quiz or a prediction, and one of them only")],
    );
    assert_faults(
        &[Replace(ONE, "quiz =", "quizz =")],
        &[(ONE, 8, "this is none of them; `quizz` looks like `quiz`")],
    );
}

#[test]
fn a_prediction_has_its_program_and_what_that_prints() {
    const PROGRAM: &str = "exercises/01_one/predict/ask.rs";
    const STRAY: &str = "exercises/01_one/predict/asked.rs";
    let predict = || Replace(ONE, "quiz = \"ask\"", "predict = \"ask\"");
    let prints = || Replace(ONE, "\"that\" }", "\"that\", prints = \"that\\n\" }");
    assert_faults(&[predict(), prints()], &[(PROGRAM, 0, "is missing; a prediction has its program here")]);
    let there = || Write(PROGRAM, "async fn main() {}\n");
    assert_faults(
        &[predict(), there()],
        &[(ONE, 13, "`prints` is missing: the right choice of a prediction has it")],
    );
    assert_faults(&[prints()], &[(ONE, 13, "`prints` is not a key of a choice")]);
    let with = |line| Replace(ONE, "quiz = \"ask\"", line);
    assert_faults(
        &[with("predict = \"ask\"\nprogram = \"../first.rs\""), prints(), there()],
        &[
            (ONE, 10, "`program` is \"../first.rs\", but must be the name of a file in"),
            (PROGRAM, 0, "no step looks for a file here"),
        ],
    );
    assert_faults(
        &[with("predict = \"ask\"\nlanes = [\"main\", \"ask {name}\"]"), prints(), there()],
        &[(ONE, 9, "`ask {name}` in `lanes` begins with the name of no `async fn`")],
    );
    assert_faults(
        &[predict(), prints(), there(), Write(STRAY, "fn main() {}\n")],
        &[(STRAY, 0, "no step looks for a file here; move it or delete it")],
    );

    let named = with("predict = \"ask\"\nprogram = \"asked.rs\"");
    let folder = workbook(&[named, prints(), Write(STRAY, "fn main() {}\n")]);
    let book = Workbook::read(folder.path()).unwrap();
    let Some(Step::Quiz(quiz)) = book.step("ask") else { panic!("no prediction") };
    assert_eq!((quiz.recorded(), quiz.program_path().as_deref()), ("that\n", Some(STRAY)));
    assert_eq!(
        quiz.prediction.as_ref().map(|prediction| prediction.program.as_str()),
        Some("fn main() {}\n")
    );
    assert_eq!(book.step("ask").map(Step::kind), Some("prediction"));
}

#[test]
fn names_of_steps_are_snake_case_and_unique() {
    assert_faults(
        &[Replace(ONE, "\"ask\"", "\"Ask-me\"")],
        &[(ONE, 9, "`Ask-me` cannot name a step: use snake_case")],
    );
    assert_faults(
        &[Replace(ONE, "\"ask\"", "\"first\"")],
        &[(ONE, 9, "`first` is already the name of the step at exercises/01_one/chapter.toml:4")],
    );
    assert_faults(
        &[Replace(
            TWO,
            "title = \"Two\"",
            "title = \"Two\"\n[[step]]\nquiz = \"ask\"\nquestion = \"?\"\n\
            choices = [\"a\", \"b\"]\nanswer = 0\nexplain = \"a\"",
        )],
        &[(TWO, 3, "`ask` is already the name of the step at exercises/01_one/chapter.toml:9; rename one")],
    );
}

#[test]
fn former_names_are_read_and_belong_to_one_step() {
    let was = |old| Replace(ONE, "core = true\n", old);
    let folder = workbook(&[was("core = true\nwas = [\"opening\", \"start\"]\n")]);
    let read = Workbook::read(folder.path()).unwrap();
    let renamed: Vec<_> = read.renamed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
    assert_eq!(renamed, [("opening", "first"), ("start", "first")]);
    let quiz = Replace(ONE, "quiz = \"ask\"\n", "quiz = \"ask\"\nwas = [\"start\"]\n");
    assert_faults(
        &[was("core = true\nwas = [\"ask\", \"start\", \"To-do\", \"first\"]\n"), quiz],
        &[
            (ONE, 6, "`To-do` in `was` never named a step"),
            (ONE, 6, "`ask` in `was` is the current name of a step, at exercises/01_one/chapter.toml:10"),
            (ONE, 6, "`first` in `was` is the current name of a step"),
            (ONE, 11, "`start` in `was` is already a former name of `first`"),
        ],
    );
    assert_faults(
        &[was("was = \"opening\"\n")],
        &[(ONE, 5, "`was` is a string, but must be an array of strings")],
    );
}

#[test]
fn faults_of_an_exercise() {
    let exercise = |old, new, line, part| assert_faults(&[Replace(TWO, old, new)], &[(TWO, line, part)]);
    exercise("hints = [\"a\"]\n", "", 4, "`hints` is missing: an exercise needs at least one");
    exercise("[\"a\"]", "[]", 5, "`hints` is empty; an exercise needs at least one");
    exercise("[\"a\"]", "[\"a\",\n \"\"]", 6, "`hints[1]` is empty");
    exercise("[\"a\"]", "[\"a\", 3]", 5, "`hints[1]` is 3, but must be a string");
    exercise(
        "\"codec\"",
        "\"codex\"",
        6,
        "`codex` is not a tier of exercises/workbook.toml; did you mean `codec`?",
    );
    exercise("program = true", "program = \"yes\"", 7, "`program` is a string, but must be true or false");
    exercise("unused_must_use", "Unused", 8, "`Unused` is not the name of a lint");
    exercise("\"await", "\"clippy::await", 9, "is written `clippy = [\"await_holding_lock\"]`");
    exercise("500ms", "0s", 11, "`limit` is \"0s\", but must be a time above 0");
    exercise(
        "limit =",
        "starter = \"c\"\nlimit =",
        11,
        "`c` is not a test of tests/hidden/02_two/second.rs; there is `a`, `b`",
    );
    exercise("limit =", "timeout =", 11, "`timeout` is not a key of an exercise; there is `exercise`, ");
    exercise("points = 3", "points = 0", 12, "`points` is 0, but must be a whole number, 1 or more");
    exercise("points = 3", "points = -1", 12, "`points` is -1, but must be a whole number, 1 or more");
    exercise("spinning", "spining", 13, "`spining` is not a key of `hang`; did you mean `spinning`?");
}

/// The second exercise, graded by mutants.
fn by_mutants() -> Vec<Change> {
    vec![
        Replace(TWO, "limit = ", "graded_by = \"mutants\"\nsubject = \"retry\"\nlimit = "),
        Delete("tests/hidden/02_two/second.rs"),
        Write("exercises/02_two/second.rs", "mod retry {\n    pub fn go() {}\n}\nfn main() {}\n"),
        Write(
            "tests/mutants/02_two/second/2_late.rs",
            "//! It is late.\n//! says: One that is late passed {tests}.\n",
        ),
        Write(
            "tests/mutants/02_two/second/10_never.rs",
            "//! It never goes.\n//! says: None passed {tests}.\n",
        ),
        Write("tests/mutants/02_two/second/right/1_early.rs", "//! It is early.\npub fn go() {}\n"),
    ]
}

#[test]
fn an_exercise_whose_tests_the_learner_writes_has_implementations_in_the_place_of_hidden_tests() {
    let folder = workbook(&by_mutants());
    let (_, faults) = Workbook::survey(folder.path());
    assert!(faults.0.is_empty(), "{faults}");
    let book = Workbook::read(folder.path()).unwrap();
    let exercise = book.exercises().nth(1).unwrap();
    assert_eq!(exercise.subject.as_deref(), Some("retry"));
    let names: Vec<_> = exercise.hidden.tests().iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["as_given", "right_early", "mutant_never", "mutant_late"]);
    let test = &exercise.hidden.tests()[0];
    assert_eq!(exercise.hidden.implementation(test).trim(), "pub fn go() {}");
    let test = &exercise.hidden.tests()[1];
    assert_eq!(
        (test.about.as_deref(), &test.implementation),
        (Some("It is early."), &Some(Implementation::Right))
    );
    assert_eq!(exercise.hidden.implementation(test), "//! It is early.\npub fn go() {}\n");
    let says = "None passed {tests}.".to_owned();
    assert_eq!(exercise.hidden.tests()[2].implementation, Some(Implementation::Mutant { says, hangs: None }));
}

#[test]
fn faults_of_an_exercise_whose_tests_the_learner_writes() {
    let with = |change: Change, file, line, part| {
        let mut changes = by_mutants();
        changes.push(change);
        assert_faults(&changes, &[(file, line, part)]);
    };
    with(Replace(TWO, "\"mutants\"", "\"mutant\""), TWO, 11, "can only be \"mutants\"");
    let late = "tests/mutants/02_two/second/2_late.rs";
    with(Replace(late, "{tests}", "them"), late, 1, "a mutant says what learners read");
    let early = "tests/mutants/02_two/second/right/1_early.rs";
    with(Replace(early, "//! It is early.", "// early"), early, 1, "what it does differently");
    let starter = "exercises/02_two/second.rs";
    with(Replace(TWO, "\"retry\"", "\"Retry\""), starter, 0, "has no `mod Retry { … }`");
    with(Write(starter, "mod retries {}\nfn main() {}\n"), starter, 0, "has no `mod retry { … }`");
    let stray = "tests/mutants/02_two/other/1_late.rs";
    with(Write(stray, ""), stray, 0, "no step names it");
    let deep = "tests/mutants/02_two/second/left/1_late.rs";
    with(Write(deep, ""), deep, 0, "no step looks for a file here");
    let mut none = by_mutants();
    none.retain(
        |change| !matches!(change, Write(path, _) if path.contains("mutants") && !path.contains("right")),
    );
    assert_faults(&none, &[("tests/mutants/02_two/second", 0, "has no mutant")]);
    assert_faults(
        &[Replace(TWO, "limit = ", "graded_by = \"mutants\"\nlimit = ")],
        &[(TWO, 11, "add `subject = \"its_name\"`")],
    );
    assert_faults(
        &[Replace(TWO, "limit = ", "subject = \"retry\"\nlimit = ")],
        &[(TWO, 11, "add `graded_by = \"mutants\"`")],
    );
}

#[test]
fn faults_of_a_quiz() {
    let quiz = |old, new, line, part| assert_faults(&[Replace(ONE, old, new)], &[(ONE, line, part)]);
    quiz("answer = 1", "answer = 2", 15, "`answer` is 2, but the choices are numbered 0 to 1");
    quiz("answer = 1\n", "", 9, "`answer` is missing: a quiz needs the index");
    quiz("question = \"Which?\"\n", "", 9, "`question` is missing");
    quiz("answer = 1", "answer = 1\nhints = []", 16, "`hints` is not a key of a quiz; there is `quiz`, ");
    quiz(CHOICES, "answer = 1\n", 9, "`choices` is missing: a quiz needs at least two, each `{ text = ");
    quiz(
        CHOICES,
        "choices = \"that\"\nanswer = 1\n",
        11,
        "`choices` is a string, but must be an array of tables, each `{",
    );
    quiz(
        CHOICES,
        "choices = [{ text = \"this\" }]\nanswer = 0\n",
        11,
        "`choices` has 1, but a quiz needs at least two",
    );
}

#[test]
fn faults_of_a_choice() {
    let choice = |old, new, line, part| assert_faults(&[Replace(ONE, old, new)], &[(ONE, line, part)]);
    choice(
        "{ text = \"that\" }",
        "3",
        13,
        "`choices[1]` is 3, but must be a table: `{ text = \"…\", says = \"…\" }`",
    );
    choice("{ text = \"that\" }", "[\"that\"]", 13, "`choices[1]` is an array, but must be a table: ");
    choice("{ text = \"that\" }", "\" \"", 13, "`choices[1]` is empty; write it or remove it");
    choice("{ text = \"that\" }", "{}", 13, "`text` is missing: a choice needs it, as a string");
    choice("\"that\"", "\"\"", 13, "`text` is empty; write it or remove it");
    choice("\"that\"", "true", 13, "`text` is true, but must be a string");
    choice("\"Look at the other one.\"", "[]", 12, "`says` is an array, but must be a string");
    choice("\"Look at the other one.\"", "\"\"", 12, "`says` is empty; write it or remove it");
    choice("says", "say", 12, "`say` is not a key of a choice; did you mean `says`?");
    choice("says", "because", 12, "`because` is not a key of a choice; there is `text`, `says`");
    choice(
        "answer = 1",
        "answer = 0",
        12,
        "`answer` says that this choice is right, and its reply is `explain`; remove",
    );
    choice("\"that\"", "\"that\", says = \"Yes.\"", 13, "`says` is the reply to a wrong choice");
    assert_faults(
        &[Replace(ONE, "\"this\", says", "\"\", say"), Replace(ONE, "{ text = \"that\" }", "1.5")],
        &[
            (ONE, 12, "`say` is not a key"),
            (ONE, 12, "`text` is empty"),
            (ONE, 13, "`choices[1]` is a float, but must be a table"),
        ],
    );
}

#[test]
fn every_file_of_an_exercise_must_be_there() {
    for path in ["exercises/01_one/first.rs", "solutions/01_one/first.rs", "tests/hidden/01_one/first.rs"] {
        assert_faults(&[Delete(path)], &[(path, 0, "is missing; an exercise has")]);
    }
    assert_faults(&[Delete("tests/testkit/lib.rs")], &[("tests/testkit/lib.rs", 0, "is missing")]);
}

#[test]
fn problems_of_hidden_tests_are_faults() {
    let path = "tests/hidden/02_two/second.rs";
    assert_faults(
        &[Replace(path, "fn b", "#[ignore]\nfn b"), Replace(path, "fn a", "async fn a")],
        &[(path, 2, "an async test needs"), (path, 4, "`#[ignore]` is not run")],
    );
    assert_faults(&[Write(path, "fn (")], &[(path, 1, "does not parse")]);
}

#[test]
fn files_that_no_step_names_are_faults() {
    for path in ["exercises/01_one/gone.rs", "solutions/01_one/gone.rs", "tests/hidden/01_one/gone.rs"] {
        assert_faults(
            &[Write(path, "")],
            &[(
                path,
                0,
                "no step names it: add a [[step]] with exercise = \"gone\" to exercises/01_one/chapter.toml",
            )],
        );
    }
    for path in ["tests/wrong/01_one/gone/why.rs", "tests/right/01_one/gone/how.rs"] {
        assert_faults(&[Write(path, "")], &[(path, 0, "no step names it")]);
    }
    for path in
        ["tests/wrong/01_one/first/deep/why.rs", "tests/right/01_one/how.rs", "solutions/01_one/a/b.rs"]
    {
        assert_faults(&[Write(path, "")], &[(path, 0, "no step looks for a file here")]);
    }
    assert_faults(
        &[Write("exercises/03_three/chapter.toml", ""), Write("solutions/03_three/a.rs", "")],
        &[
            ("exercises/03_three", 0, "no chapter has this name: add it to `chapters`"),
            ("solutions/03_three", 0, "no chapter has this name"),
        ],
    );
    assert_faults(&[Write("exercises/loose.rs", "")], &[("exercises/loose.rs", 0, "is in no chapter")]);
}

#[test]
fn a_wrong_answer_says_how_it_must_be_rejected() {
    let wrong = |text, expected: &[(&str, usize, &str)]| assert_faults(&[Write(WRONG, text)], expected);
    wrong(
        "fn main() {}\n",
        &[
            (WRONG, 1, "first line must be `//! fails: <hidden"),
            (WRONG, 2, "second line must be `//! says: <part"),
        ],
    );
    wrong("//! fails: heard\n//! says:\n", &[(WRONG, 2, "second line must be `//! says:")]);
    wrong(
        "//! fails: herd\n//! says: x\n",
        &[(WRONG, 1, "`herd` is not a test of tests/hidden/01_one/first.rs; did you mean `heard`?")],
    );
    wrong("//! fails: compile E0308\n\nfn main() {}\n", &[]);
    wrong("//! fails: compile\n//! says: x\n", &[(WRONG, 1, "`compile` is not a test")]);
}

const RECORDS: &str = "tests/equivalent/01_one/first.toml";

#[test]
fn equivalent_mutants_are_read_with_their_reasons() {
    let folder = workbook(&[Write(
        RECORDS,
        "[[mutant]]\noperator = \"off_by_one\"\nin = \"f\"\nbefore = 'a(0);'\nafter = 'a(1);'\nnth = 2\nreason = \"room\"\n\n\
         [[mutant]]\noperator = \"delete_drop\"\nin = \"f\"\nbefore = 'drop(a);'\nreason = \"last\"\n",
    )]);
    let book = Workbook::read(folder.path()).unwrap();
    let mut exercises = book.exercises();
    let records = equivalents(folder.path(), exercises.next().unwrap()).unwrap();
    assert_eq!((records[0].file.as_str(), records[0].line, records[1].line), (RECORDS, 1, 9));
    assert_eq!((records[0].operator.as_str(), records[0].within.as_str()), ("off_by_one", "f"));
    assert_eq!((records[0].before.as_str(), records[0].after.as_str()), ("a(0);", "a(1);"));
    assert_eq!((records[0].nth, records[0].reason.as_str()), (Some(2), "room"));
    assert_eq!((records[1].after.as_str(), records[1].nth), ("", None));
    assert_eq!(equivalents(folder.path(), exercises.next().unwrap()).unwrap(), []);
}

#[test]
fn faults_of_equivalent_mutants() {
    let record = "[[mutant]]\noperator = \"a\"\nin = \"f\"\nbefore = 'x'\n";
    assert_faults(
        &[
            Write(
                RECORDS,
                "[[mutant]]\noperater = \"a\"\nin = 1\nbefore = ''\nnth = 0\nreason = ''\n\n[[mutant]]\n",
            ),
            Write("tests/equivalent/02_two/second.toml", "[[mutants]]\n"),
            Write("tests/equivalent/02_two/third.toml", record),
            Write("tests/equivalent/03_three/first.toml", record),
            Write("tests/equivalent/first.toml", record),
        ],
        &[
            (RECORDS, 1, "`operator` is missing"),
            (RECORDS, 2, "`operater` is not a key of an equivalent mutant; did you mean `operator`?"),
            (RECORDS, 3, "`in` is 1, but must be a string"),
            (RECORDS, 4, "`before` is empty"),
            (RECORDS, 5, "`nth` is 0"),
            (RECORDS, 6, "`reason` is empty"),
            (RECORDS, 8, "`before` is missing"),
            (RECORDS, 8, "`in` is missing"),
            (RECORDS, 8, "`operator` is missing"),
            (RECORDS, 8, "`reason` is missing"),
            ("tests/equivalent/02_two/second.toml", 0, "`mutant` is missing"),
            ("tests/equivalent/02_two/second.toml", 1, "`mutants` is not a key"),
            ("tests/equivalent/02_two/third.toml", 0, "no step names it"),
            ("tests/equivalent/03_three", 0, "no chapter has this name"),
            ("tests/equivalent/first.toml", 0, "is in no chapter"),
        ],
    );
}

#[test]
fn all_faults_of_a_workbook_are_reported_at_once_in_order() {
    let changes = [
        Replace(BOOK, "farewell =", "goodbye ="),
        Replace(ONE, "hints = [\"a\", \"b\"]", "hints = []\ncolour = 1"),
        Replace(ONE, "answer = 1", "answer = 9"),
        Replace(TWO, "\"500ms\"", "\"soon\""),
        Delete("solutions/02_two/second.rs"),
        Write("tests/hidden/01_one/first.rs", "fn helper() {}\n"),
        Write("tests/hidden/02_two/other.rs", ""),
    ];
    assert_faults(
        &changes,
        &[
            (ONE, 6, "`hints` is empty"),
            (ONE, 7, "`colour` is not a key"),
            (ONE, 16, "`answer` is 9"),
            (TWO, 11, "`limit` is \"soon\""),
            (BOOK, 0, "`farewell` is missing"),
            (BOOK, 4, "`goodbye` is not a key"),
            ("solutions/02_two/second.rs", 0, "is missing"),
            ("tests/hidden/01_one/first.rs", 1, "has no `#[test]` function"),
            ("tests/hidden/02_two/other.rs", 0, "no step names it"),
        ],
    );
}

#[test]
fn the_built_in_workbook_has_no_fault() {
    match Workbook::builtin() {
        Ok(book) => assert!(book.exercises().next().is_some() && !book.testkit.is_empty()),
        Err(faults) => panic!("{faults}"),
    }
}

/// As the built-in one, and with its wrong and right answers.
#[test]
fn the_workbook_of_this_repository_has_no_fault() {
    let (_, Faults(faults)) = Workbook::survey(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!(faults, []);
}

#[test]
fn the_built_in_dependencies_are_known_wherever_they_stand() {
    let mut real = Workbook::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
    assert!(real.has_builtin_dependencies() && Workbook::builtin().unwrap().has_builtin_dependencies());
    let (before, lock) = (real.testkit.clone(), real.dependencies.lock.clone());
    real.testkit.push(("build.rs".to_owned(), "fn main() {}".to_owned()));
    assert!(!real.has_builtin_dependencies());
    real.testkit = before;
    real.dependencies.lock = None;
    assert!(!real.has_builtin_dependencies());
    real.dependencies.lock = lock;
    real.dependencies.base[0].spec = "{ path = \"/here\" }".to_owned();
    assert!(!real.has_builtin_dependencies());
}
