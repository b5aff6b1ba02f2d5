//! `author new` and `author check`: a workbook made in a folder, broken in every way that a check must name.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;
use tokiolings::author::check::{Graders, Hear, Plan, Report, Rule, Times};
use tokiolings::author::new;
use tokiolings::grader::walls::Confinement;
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::workbook::Workbook;

/// A workbook with one good exercise.
struct Book {
    folder: TempDir,
}

impl Book {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        new::workbook(folder.path()).expect("a new workbook");
        Self { folder }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.root().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.root().join(file);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn replace(&self, file: &str, old: &str, new: &str) {
        let text = self.read(file);
        assert!(text.contains(old), "{file} has no {old:?}");
        self.write(file, &text.replacen(old, new, 1));
    }

    /// One more exercise, with its places filled in.
    fn add(&self, name: &str) {
        let written = new::exercise(self.root(), &format!("02_more/{name}")).expect("a new exercise");
        for file in new::to_fill(self.root(), &written) {
            let text = self.read(&file);
            self.write(&file, &text.replace("TODO: ", "Said: "));
        }
    }

    fn ungraded(&self) -> Report {
        Plan::read(self.root(), &[]).expect("no exercise is named").ungraded()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

const BOOK: &str = "exercises/workbook.toml";
const CHAPTER: &str = "exercises/01_first_steps/chapter.toml";
const PAGE: &str = "exercises/01_first_steps/README.md";
const STARTER: &str = "exercises/01_first_steps/breakfast.rs";
const SOLUTION: &str = "solutions/01_first_steps/breakfast.rs";
const HIDDEN: &str = "tests/hidden/01_first_steps/breakfast.rs";
const SWAPPED: &str = "tests/wrong/01_first_steps/breakfast/swapped.rs";
const TOAST: &str = "tests/wrong/01_first_steps/breakfast/toast_first.rs";

/// How a workbook is broken, in which file and line (0 for none) that shows, and a part of what is said.
type Case = (fn(&Book), &'static str, usize, &'static str);

/// What shows without grading.
const CASES: &[Case] = &[
    (|book| book.replace(BOOK, "title =", "titel ="), BOOK, 2, "did you mean `title`?"),
    (
        |book| book.replace(BOOK, "chapters = [", "chapters = [\"02_gone\", "),
        "exercises/02_gone/chapter.toml",
        0,
        "is missing",
    ),
    (|book| book.replace(BOOK, "made it", "made TODO it"), BOOK, 12, "is still to be written"),
    (|book| book.replace(CHAPTER, "core", "corr"), CHAPTER, 5, "`corr` is not a key"),
    (
        |book| book.replace(CHAPTER, "says", "say"),
        CHAPTER,
        25,
        "`say` is not a key of a choice; did you mean",
    ),
    (
        |book| book.replace(CHAPTER, "says = \"That is", "# \"That is"),
        CHAPTER,
        23,
        "`choices[1]` of the quiz `plans_in_the_fridge` has no `says`: the reply to learners who choose it",
    ),
    (
        |book| book.replace(CHAPTER, "\"That is what", "\"14: 10, and then 4 more: that is what"),
        CHAPTER,
        25,
        "`says` of `choices[1]` of the quiz `plans_in_the_fridge` contains the right choice word for word",
    ),
    (
        |book| {
            let text = book.read(CHAPTER);
            let (steps, _) = text.split_once("\n[[step.choices]]").expect("it has choices");
            book.write(CHAPTER, &format!("{steps}choices = [\n    \"14\",\n    \"10\",\n]\n"));
        },
        CHAPTER,
        21,
        "`choices[1]` of the quiz `plans_in_the_fridge` is a plain string, so learners who choose it get no reply; \
         write `{ text = \"10\", says = \"…\" }`",
    ),
    (
        |book| book.replace(CHAPTER, "\"That is", "\"TODO: that is"),
        CHAPTER,
        25,
        "is still to be written: that is",
    ),
    (|book| fs::remove_file(book.root().join(SOLUTION)).expect("removed"), SOLUTION, 0, "is missing"),
    (
        |book| book.write("tests/hidden/01_first_steps/lunch.rs", ""),
        "tests/hidden/01_first_steps/lunch.rs",
        0,
        "no step names it",
    ),
    (|book| book.replace(HIDDEN, "#[test]", "#[test]\n#[ignore]"), HIDDEN, 11, "`#[ignore]` is not run"),
    (|book| book.replace(HIDDEN, "fn each", "fn (each"), HIDDEN, 33, "does not parse"),
    (|book| book.replace(SWAPPED, "//! fails", "//! fail"), SWAPPED, 1, "first line must be `//! fails:"),
    (
        |book| book.replace(SWAPPED, "in_its_place", "in_it_place"),
        SWAPPED,
        1,
        "did you mean `each_is_in_its_place`?",
    ),
    (|book| book.replace(CHAPTER, "both_are_made_at_once", "both"), CHAPTER, 6, "`both` is not a test of"),
    (|book| book.replace(CHAPTER, "    \"Find", "    # \"Find"), CHAPTER, 4, "has 2 of 3 hints"),
    (
        |book| {
            let line = "let both = tokio::join!(first(tea), then(toast));";
            book.replace(SOLUTION, "tokio::join!(tea, toast)", line);
            book.replace(
                CHAPTER,
                "\"Find the line",
                "\"Write let both = tokio::join!(first(tea), then(toast)) and find the line",
            );
        },
        CHAPTER,
        8,
        "hint 1 contains line 16 of solutions/01_first_steps/breakfast.rs word for word",
    ),
    (
        |book| book.replace(CHAPTER, "\"A future", "\"TODO: a future"),
        CHAPTER,
        9,
        "is still to be written: a future",
    ),
    (
        |book| book.replace(STARTER, "//! But it", "//! TODO: But it"),
        STARTER,
        4,
        "is still to be written: But it",
    ),
    (|book| book.replace(PAGE, "A future", "TODO\nA future"), PAGE, 3, "is still to be written"),
    (
        |book| {
            [SWAPPED, TOAST]
                .iter()
                .for_each(|file| fs::remove_file(book.root().join(file)).expect("removed"));
        },
        "tests/wrong/01_first_steps/breakfast",
        0,
        "has no wrong answer",
    ),
    (
        |book| book.replace(HIDDEN, "time::Duration", "time::{Duration, Instant}"),
        HIDDEN,
        3,
        "the machine's clock",
    ),
    (|book| book.replace(HIDDEN, "\"tea\"", "\"127.0.0.1:8080\""), HIDDEN, 15, "port 8080 can be taken"),
    (|book| book.replace(HIDDEN, "\"tea\"", "\"/tmp/tea\""), HIDDEN, 15, "`/tmp/` is shared"),
    (
        |book| book.replace(PAGE, "A future", "[A](gone.md) future"),
        PAGE,
        3,
        "leads to exercises/01_first_steps/gone.md, which is not there",
    ),
    (
        |book| book.replace("README.md", "#testkit", "#kit"),
        "README.md",
        35,
        "a heading that README.md does not have",
    ),
    (
        |book| book.replace(PAGE, "A future", "[A](../../README.md) future"),
        PAGE,
        3,
        "which learners do not have",
    ),
    (
        |book| book.replace("README.md", "(#testkit)", "(../x.md)"),
        "README.md",
        35,
        "leads out of the workbook's folder",
    ),
];

#[test]
fn a_new_workbook_has_no_fault_before_it_is_graded() {
    let report = Book::new().ungraded();
    assert_eq!(report.findings, [], "{:#?}", report.findings);
}

#[test]
fn a_quiz_without_replies_keeps_no_exercise_from_being_graded_and_no_learner_from_learning() {
    let book = Book::new();
    book.replace(CHAPTER, "says = \"That is", "# \"That is");
    assert!(Workbook::read(book.root()).is_ok());
    let report = book.ungraded();
    let [finding] = report.findings.as_slice() else { panic!("{:#?}", report.findings) };
    assert_eq!((finding.rule, &finding.exercise), (Rule::Quiz, &None));
    let json = report.json();
    assert!(json.iter().any(|line| line.contains("\"rule\":\"quiz\"")), "{json:#?}");
    // One with a fault of the format is told that, and not what follows from it.
    book.replace(CHAPTER, "text = \"14", "txet = \"14");
    let found = book.ungraded().findings;
    assert!(found.iter().all(|finding| finding.rule == Rule::Format), "{found:#?}");
}

#[test]
fn each_fault_that_shows_without_grading_is_named_with_its_place() {
    let mut complaints = Vec::new();
    for (break_it, file, line, part) in CASES {
        let book = Book::new();
        break_it(&book);
        let found = book.ungraded().findings;
        let named = found.iter().any(|finding| {
            let fault = &finding.fault;
            fault.file == *file && fault.line.unwrap_or(0) == *line && fault.problem.contains(part)
        });
        if !named {
            complaints.push(format!("{file}:{line}: {part} is not in {found:#?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn what_only_follows_from_a_fault_is_not_told() {
    let book = Book::new();
    book.replace(CHAPTER, "both_are_made_at_once", "both");
    for file in [SWAPPED, TOAST] {
        book.replace(file, "//! fails: ", "//! fails: no_");
    }
    let found = book.ungraded().findings;
    let problems: Vec<&str> = found.iter().map(|finding| finding.fault.problem.as_str()).collect();
    assert_eq!(problems.len(), 3, "one for each place that names a test: {problems:#?}");
    assert!(problems.iter().all(|problem| problem.contains("is not a test of")), "{problems:#?}");
}

/// What only a grading shows: a name, what breaks an exercise of that name, the rule, the area of the file that is named,
/// and a part of what is said.
type GradedCase = (&'static str, fn(&Book, &Files), Rule, &'static str, &'static str);

/// The files of one exercise.
struct Files {
    manifest: String,
    starter: String,
    solution: String,
    hidden: String,
    wrong: String,
    right: String,
}

impl Files {
    fn of(name: &str) -> Self {
        let at = |area: &str| format!("{area}/02_more/{name}");
        Self {
            manifest: "exercises/02_more/chapter.toml".to_owned(),
            starter: at("exercises") + ".rs",
            solution: at("solutions") + ".rs",
            hidden: at("tests/hidden") + ".rs",
            wrong: at("tests/wrong") + "/swapped.rs",
            right: at("tests/right") + "/other.rs",
        }
    }
}

/// One more hidden test.
fn add_test(book: &Book, files: &Files, test: &str) {
    let source = book.read(&files.hidden);
    book.write(&files.hidden, &format!("{source}\n/// One more.\n#[test]\n{test}\n"));
}

/// A text that must not compile, and is refused with E0277 unless `breakfast` takes what turns into a future.
fn add_text(book: &Book, files: &Files, code: &str) {
    let text = format!(
        "
/// Only futures are taken.
#[must_not_compile(code = \"{code}\", says = \"It takes more than futures.\")]
mod takes_futures_alone {{
    use exercise::breakfast;

    struct Later;

    impl IntoFuture for Later {{
        type Output = String;
        type IntoFuture = std::future::Ready<String>;

        fn into_future(self) -> Self::IntoFuture {{
            std::future::ready(String::new())
        }}
    }}

    async fn twice(later: impl Fn() -> Later) {{
        #[cfg(not(refused))]
        let _ = breakfast(later().into_future(), later().into_future()).await;
        #[cfg(refused)]
        let _ = breakfast(later(), later()).await;
    }}
}}
"
    );
    let source = book.read(&files.hidden);
    book.write(&files.hidden, &format!("{source}{text}"));
}

const JOIN: &str = "tokio::join!(tea, toast)";

const GRADED: &[GradedCase] = &[
    (
        "solved",
        |book, files| book.write(&files.starter, &book.read(&files.solution)),
        Rule::Starter,
        "exercises",
        "is accepted as it is",
    ),
    (
        "misdeclared",
        |book, files| {
            let text = book.read(&files.manifest).replace(
                "\"misdeclared\"\ncore = true\nstarter = \"both_are_made_at_once\"",
                "\"misdeclared\"\ncore = true\nstarter = \"each_is_in_its_place\"",
            );
            book.write(&files.manifest, &text);
        },
        Rule::Starter,
        "exercises",
        "write `starter = \"both_are_made_at_once\"`",
    ),
    (
        "undeclared",
        |book, files| {
            let declared = "\"undeclared\"\ncore = true\nstarter = \"both_are_made_at_once\"\n";
            book.replace(&files.manifest, declared, "\"undeclared\"\ncore = true\n");
        },
        Rule::Starter,
        "exercises",
        "`starter` is missing: it says what the starter fails at, `starter = \"<hidden test>\"` or \
         `starter = \"compile <code>\"`; it fails at `both_are_made_at_once`",
    ),
    (
        "unsolved",
        |book, files| book.write(&files.solution, &book.read(&files.starter)),
        Rule::Solution,
        "solutions",
        "must be accepted, but both_are_made_at_once failed: `breakfast` took",
    ),
    (
        "not_right",
        |book, files| book.write(&files.right, &book.read(&files.starter)),
        Rule::Right,
        "tests/right",
        "must be accepted, but both_are_made_at_once failed",
    ),
    (
        "wobbly",
        |book, files| {
            // The first run passes, and no other that comes to the same folder of the solution.
            let luck = "    assert!(pick(0..=1) > 0, \"no luck\");\n    let tea = format!";
            book.replace(&files.hidden, "    let tea = format!", luck);
        },
        Rule::Solution,
        "solutions",
        "times with every core busy, so a hidden test depends on the machine's speed, or on the values \
         of `pick`: each_is_in_its_place failed: no luck",
    ),
    (
        "unfit",
        |book, files| {
            book.replace(
                &files.hidden,
                "    let tea = format!",
                "    let tea = testkit::Log::new().entries();\n    let tea = format!",
            );
        },
        Rule::Solution,
        "tests/hidden/02_more/unfit.rs",
        "does not compile with the solution: E0599: no method named `entries` found for struct `Log`",
    ),
    (
        "not_wrong",
        |book, files| book.replace(&files.wrong, "tokio::join!(toast, tea)", JOIN),
        Rule::Wrong,
        "tests/wrong",
        "is accepted, but is a wrong answer",
    ),
    (
        "other_test",
        |book, files| book.replace(&files.wrong, "each_is_in_its_place", "both_are_made_at_once"),
        Rule::Wrong,
        "tests/wrong",
        "must fail at `both_are_made_at_once` saying \"The tea comes first\", but each_is_in_its_place failed",
    ),
    (
        "other_words",
        |book, files| book.replace(&files.wrong, "The tea comes first", "The toast comes first"),
        Rule::Wrong,
        "tests/wrong",
        "must fail at `each_is_in_its_place` saying \"The toast comes first\", but each_is_in_its_place failed: The tea",
    ),
    (
        "unformatted",
        |book, files| book.replace(&files.solution, JOIN, "tokio::join!(tea , toast)"),
        Rule::Style,
        "solutions",
        "is not formatted",
    ),
    (
        "unclean",
        |book, files| book.replace(&files.solution, "100 * minutes", "1 * minutes"),
        Rule::Style,
        "solutions",
        "clippy::identity_op",
    ),
    (
        "littering",
        |book, files| {
            book.replace(
                &files.hidden,
                "    let tea = format!",
                "    std::fs::write(\"crumbs\", \"\").unwrap();\n    let tea = format!",
            );
        },
        Rule::Hermetic,
        "tests/hidden",
        "`each_is_in_its_place` leaves `crumbs` behind",
    ),
    (
        "empty",
        |book, files| add_test(book, files, "fn looks_at_nothing() {}"),
        Rule::Tests,
        "tests/hidden",
        "`looks_at_nothing` refuses neither the starter, nor a wrong answer, nor a mutant of the solution: add a wrong answer",
    ),
    (
        "always_refused",
        |book, files| add_text(book, files, "E0277"),
        Rule::Tests,
        "tests/hidden",
        "`takes_futures_alone` compiles with neither the starter nor a wrong answer, so nothing shows that it finds a mistake",
    ),
    (
        "otherwise_refused",
        |book, files| add_text(book, files, "E0599"),
        Rule::Solution,
        "solutions",
        "must be accepted, but takes_futures_alone failed: The compiler has to refuse a piece of code with your file. \
         It does, but for a different reason",
    ),
    (
        "twinless",
        |book, files| {
            add_text(book, files, "E0277");
            book.replace(
                &files.hidden,
                "use exercise::breakfast;\n\n    struct",
                "use exercise::lunch;\n\n    struct",
            );
        },
        Rule::Solution,
        "tests/hidden/02_more/twinless.rs",
        "does not compile with the solution: E0432: unresolved import `exercise::lunch`",
    ),
    (
        "unheard",
        |book, files| {
            // Refuses what takes no time, so that only the panic is left to be told.
            let test = "fn listens_to_nobody() {
    let ((), took) = vt(async {
        tokio::spawn(async {
            let (first, _) = breakfast(after(1, \"tea\"), after(2, \"toast\")).await;
            assert_eq!(first, \"tea\", \"in a task\");
        });
        sleep(Duration::from_secs(1)).await;
    });
    assert_eq!(took, Duration::from_secs(1));
}";
            add_test(book, files, test);
        },
        Rule::Tests,
        "tests/hidden",
        "panics in a task or a thread that nothing awaits, but `listens_to_nobody` still passes: \"assertion \
         `left == right` failed: in a task\"; await the task's handle",
    ),
    (
        "slow",
        |book, files| {
            let declared = "\"slow\"\ncore = true\n";
            book.replace(&files.manifest, declared, &format!("{declared}limit = \"2s\"\n"));
            let sleep = "    std::thread::sleep(Duration::from_millis(300));\n    let tea = format!";
            book.replace(&files.hidden, "    let tea = format!", sleep);
        },
        Rule::Time,
        "solutions",
        "at most a tenth of the limit may be used",
    ),
    (
        "two_faced",
        |book, files| {
            // A module of a larger program when others are graded as well.
            let message = "\"The tea comes first in {}, whichever was done first.\", if module_path!().contains(\"::\") { \"company\" } else { \"solitude\" }";
            book.replace(&files.hidden, "\"The tea comes first, whichever was done first.\"", message);
        },
        Rule::Hermetic,
        "tests/wrong",
        "is graded differently alone and together with others; alone: each_is_in_its_place failed: The tea comes first in solitude",
    ),
];

/// How often right answers are graded. A test that tosses a coin passes all of them, or none, once in two thousand checks.
const TIMES: Times = Times { accepted: 12, refused: 2 };

fn grader(workbook: &Arc<Workbook>, confinement: Option<Confinement>) -> Grader {
    let home = Home::at(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home"));
    let options = Options { cache: false, confinement, ..Options::default() };
    Grader::new(Arc::clone(workbook), home, options)
}

#[test]
fn hidden_tests_that_are_no_rust_are_not_the_learners_fault() {
    let book = Book::new();
    book.replace(HIDDEN, "let tea", "let = tea");
    let workbook = Arc::new(Workbook::read(book.root()).expect("what learners need can be read"));
    let exercise = workbook.exercises().next().expect("there is one");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let grader = grader(&workbook, None);
    let source = Source::Text(exercise.solution.clone());
    let verdict = runtime.block_on(grader.grade(exercise, &source, &|_| {}));
    let broken = verdict.broken.unwrap_or_else(|| panic!("{:?}", verdict.kind));
    assert!(broken.problem.starts_with(&format!("{HIDDEN}:34: does not parse: ")), "{broken:?}");
    assert!(broken.remedy.contains("author check breakfast"), "{broken:?}");
}

#[test]
fn each_fault_that_a_grading_shows_is_named_and_a_filled_in_template_is_certified() {
    let book = Book::new();
    book.add("whole");
    // A panic that is meant, with its reason.
    book.add("meant");
    let meant = "fn is_meant() {
    let end = testkit::rt(async {
        tokio::spawn(async {
            // hermetic: how it ends is what the test looks at
            panic!(\"meant\")
        })
        .await
    });
    assert!(end.is_err());
    let ((tea, _), _) = vt(breakfast(after(1, \"tea\"), after(1, \"toast\")));
    assert_eq!(tea, \"tea\");
}";
    add_test(&book, &Files::of("meant"), meant);
    // A text that must not compile, and a wrong answer with which it does.
    book.add("refused");
    let files = Files::of("refused");
    add_text(&book, &files, "E0277");
    let taking = book
        .read(&files.solution)
        .replace("impl Future<", "impl IntoFuture<")
        .replace(JOIN, "tokio::join!(tea.into_future(), toast.into_future())");
    let head = "//! fails: takes_futures_alone\n//! says: It takes more than futures.\n";
    book.write(&files.wrong.replace("swapped", "taking"), &format!("{head}{taking}"));
    for (name, break_it, ..) in GRADED {
        book.add(name);
        break_it(&book, &Files::of(name));
    }
    let plan = Plan::read(book.root(), &[]).expect("no exercise is named");
    let workbook = Arc::clone(plan.workbook().expect("it can be read"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let report = runtime.block_on(async {
        let helper = PathBuf::from(env!("CARGO_BIN_EXE_tokiolings"));
        let walled = Confinement::probe(helper).await.ok();
        let walled = walled.map(|confinement| grader(&workbook, Some(confinement)));
        let graders = Graders { plain: grader(&workbook, None), walled };
        let hear = Hear { activity: &|_| {}, done: &|_| {} };
        plan.grade(&graders, TIMES, &hear).await
    });
    assert_eq!(report.broken, None);

    let mut complaints = Vec::new();
    for (name, _, rule, area, part) in GRADED {
        let of: Vec<_> =
            report.findings.iter().filter(|finding| finding.exercise.as_deref() == Some(*name)).collect();
        let named = |finding: &&_| {
            let tokiolings::author::check::Finding { fault, rule: found, .. } = finding;
            found == rule && fault.file.starts_with(area) && fault.problem.contains(part)
        };
        if !of.iter().any(named) {
            complaints.push(format!("{name}: {part} is not in {of:#?}"));
        }
    }
    for good in ["whole", "breakfast"] {
        let of: Vec<_> =
            report.findings.iter().filter(|finding| finding.exercise.as_deref() == Some(good)).collect();
        if !of.is_empty() {
            complaints.push(format!("{good} is good, but: {of:#?}"));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));

    let json = report.json();
    let whole: serde_json::Value = json
        .iter()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .find(|object: &serde_json::Value| object["exercise"] == "whole")
        .expect("each exercise has an object");
    assert_eq!((&whole["schema"], &whole["certified"]), (&"tokiolings/author-check/v1".into(), &true.into()));
    let table: Vec<String> = report.lines().iter().map(tokiolings::screen::Line::text).collect();
    let row = |name: &str| table.iter().find(|line| line.starts_with(&format!("{name} "))).expect("a row");
    assert!(!row("whole").contains('✗') && row("slow").contains(" of 2 s"), "{table:#?}");
    assert!(row("not_wrong").contains("✗ 1/1"), "{table:#?}");
    let unfit = report.findings.iter().find(|finding| finding.exercise.as_deref() == Some("unfit"));
    assert_eq!(unfit.and_then(|finding| finding.fault.line), Some(34), "the line of the hidden tests");
    let refused: Vec<_> =
        report.findings.iter().filter(|finding| finding.exercise.as_deref() == Some("refused")).collect();
    assert!(refused.is_empty(), "{refused:#?}");
    let meant = report.findings.iter().any(|finding| finding.exercise.as_deref() == Some("meant"));
    assert!(!meant && row("empty").contains('✗'), "{table:#?}");
    assert_eq!(row("unfit").matches('✗').count(), 1, "what follows from it is not told: {table:#?}");
}

/// An exercise whose tests the learner writes: `double` gives twice a number.
fn add_tests_to_write(book: &Book, name: &str) {
    book.add(name);
    let manifest = "exercises/02_more/chapter.toml";
    let declared = format!("\"{name}\"\ncore = true\nstarter = \"both_are_made_at_once\"");
    let by_mutants = format!(
        "\"{name}\"\ncore = true\nstarter = \"mutant_squares\"\ngraded_by = \"mutants\"\nsubject = \"double\""
    );
    book.replace(manifest, &declared, &by_mutants);
    let files = Files::of(name);
    fs::remove_file(book.root().join(&files.hidden)).expect("removed");
    let text = |head: &str, tests: &str| {
        let (subject, main) =
            ("    pub fn double(number: u64) -> u64 {\n        2 * number\n    }\n", "fn main() {}\n");
        let tests =
            format!("    use super::double::double;\n\n    #[test]\n    fn doubles() {{\n{tests}    }}\n");
        format!("{head}\n\nmod double {{\n{subject}}}\n\n{main}\n#[cfg(test)]\nmod tests {{\n{tests}}}\n")
    };
    let asserts = |pairs: &[(u64, u64)]| -> String {
        pairs
            .iter()
            .map(|(given, found)| format!("        assert_eq!(double({given}), {found});\n"))
            .collect()
    };
    book.write(&files.starter, &text("//! Its test is weak.", &asserts(&[(0, 0), (2, 4)])));
    book.write(&files.solution, &text("//! Several numbers.", &asserts(&[(3, 6), (7, 14)])));
    let weak = "//! fails: mutant_gives_six\n//! says: A 6 passed your only test";
    book.write(&files.wrong, &text(weak, &asserts(&[(3, 6)])));
    let strict =
        "//! fails: right_adds\n//! says: Your test `doubles` fails on a correct implementation. It adds.";
    book.write(&files.wrong.replace("swapped", "strict"), &text(strict, &asserts(&[(3, 6), (7, 15)])));
    add_implementation(
        book,
        name,
        "1_squares",
        "//! It squares.\n//! says: A square passed {tests}.",
        "number * number",
    );
    add_implementation(
        book,
        name,
        "2_gives_six",
        "//! It gives 6.\n//! says: A 6 passed {tests}.",
        "6 + 0 * number",
    );
    add_implementation(book, name, "right/1_adds", "//! It adds.", "number + number");
}

fn add_implementation(book: &Book, name: &str, file: &str, head: &str, body: &str) {
    let text = format!("{head}\n\npub fn double(number: u64) -> u64 {{\n    {body}\n}}\n");
    book.write(&format!("tests/mutants/02_more/{name}/{file}.rs"), &text);
}

#[test]
fn an_exercise_whose_tests_the_learner_writes_is_certified_or_its_faults_are_named() {
    let book = Book::new();
    for name in ["tested", "alive", "easily_found"] {
        add_tests_to_write(&book, name);
    }
    let head = "//! It is odd.\n//! says: An odd one passed {tests}.";
    add_implementation(&book, "alive", "3_is_odd", head, "if number == 1 { 1 } else { 2 * number }");
    add_implementation(&book, "easily_found", "3_is_odd", head, "2 * number + 1");
    let plan = Plan::read(book.root(), &[]).expect("no exercise is named");
    let workbook = Arc::clone(plan.workbook().expect("it can be read"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let report = runtime.block_on(async {
        let walled = Confinement::probe(PathBuf::from(env!("CARGO_BIN_EXE_tokiolings"))).await.ok();
        let walled = walled.map(|confinement| grader(&workbook, Some(confinement)));
        let graders = Graders { plain: grader(&workbook, None), walled };
        let hear = Hear { activity: &|_| {}, done: &|_| {} };
        plan.grade(&graders, Times { accepted: 2, refused: 1 }, &hear).await
    });
    assert_eq!(report.broken, None);
    let of = |name: &str| -> Vec<String> {
        let findings = report.findings.iter().filter(|finding| finding.exercise.as_deref() == Some(name));
        findings.map(|finding| finding.fault.to_string()).collect()
    };
    assert_eq!(of("tested"), [""; 0]);
    let alive = of("alive");
    let part = "must be accepted, but mutant_is_odd failed: An odd one passed your only test.";
    assert!(alive.iter().any(|problem| problem.contains(part)), "{alive:#?}");
    let found = of("easily_found");
    assert!(
        found.len() == 1
            && found[0].contains("`mutant_is_odd` is found by the starter and by each wrong answer"),
        "{found:#?}"
    );
}

#[test]
fn nothing_is_overwritten_and_names_are_taken_once() {
    let book = Book::new();
    let solution = book.root().join("solutions/03_late/mine.rs");
    book.write("solutions/03_late/mine.rs", "// mine\n");
    // A stray file is a fault of the workbook.
    assert!(new::exercise(book.root(), "03_late/mine").is_err());
    assert_eq!(fs::read_to_string(&solution).expect("read"), "// mine\n");
    fs::remove_dir_all(book.root().join("solutions/03_late")).expect("removed");

    let before = book.read(BOOK);
    let written = new::exercise(book.root(), "03_late/mine").expect("made");
    assert!(written.contains(&"tests/wrong/03_late/mine/swapped.rs".to_owned()), "{written:?}");
    assert_eq!(book.read(BOOK), before.replace("\"01_first_steps\"", "\"01_first_steps\", \"03_late\""));
    let taken = new::exercise(book.root(), "01_first_steps/mine").expect_err("the name is taken");
    assert!(taken.to_string().contains("03_late already has a step of that name"), "{taken}");
    assert!(new::exercise(book.root(), "late/mine").is_err());
    let again = new::workbook(book.root()).expect_err("there is a workbook");
    assert!(again.to_string().contains("nothing is overwritten: exercises/workbook.toml"), "{again}");
}

#[test]
fn a_workbook_outside_the_repository_is_used_from_inside() {
    let book = Book::new();
    let call = |folder: &Path, args: &[&str]| {
        #[expect(clippy::disallowed_methods, reason = "there is no runtime here to block")]
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokiolings"));
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("home");
        let output = command
            .args(args)
            .current_dir(folder)
            .env("TOKIOLINGS_HOME", home)
            .stdin(std::process::Stdio::null())
            .output()
            .expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let deep = book.root().join("exercises/01_first_steps");
    let (code, out, err) = call(&deep, &[]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("breakfast") && out.contains("both_are_made_at_once"), "{out}");
    let workspace = book.root().join("tokiolings");
    assert!(workspace.join("exercises/01_first_steps/breakfast.rs").is_file());
    let (code, out, err) = call(&workspace, &["list", "--format", "json"]);
    assert_eq!((code, out.lines().count()), (Some(0), 3), "{out}{err}");
    // A workspace in the workbook's folder is none of its files.
    assert_eq!(book.ungraded().findings, []);

    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let (code, _, err) = call(elsewhere.path(), &["author", "check"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("there is no exercises/workbook.toml in "), "{err}");
    let (code, _, err) = call(book.root(), &["author", "check", "supper"]);
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("no exercise and no prediction of that name; it has breakfast"), "{err}");
}

#[test]
fn the_workbook_of_this_repository_has_no_fault_that_shows_without_grading() {
    let report = Plan::read(&root(), &[]).expect("no exercise is named").ungraded();
    assert_eq!(report.findings, [], "{:#?}", report.findings);
}

#[test]
fn a_file_that_is_no_text_is_told_with_its_line_and_a_byte_order_mark_is_passed_over() {
    let book = Book::new();
    let wrong = book.read(SWAPPED);
    book.write(SWAPPED, &format!("\u{feff}{wrong}"));
    let mut bytes = book.read(TOAST).into_bytes();
    let second = bytes.iter().position(|byte| *byte == b'\n').expect("it has lines") + 1;
    bytes.insert(second, 0xff);
    fs::write(book.root().join(TOAST), bytes).expect("written");
    let report = book.ungraded();
    let faults: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.fault.file.as_str(), finding.fault.line, finding.fault.problem.as_str()))
        .collect();
    assert_eq!(faults, [(TOAST, Some(2), "is not UTF-8 from here on; save it as UTF-8")]);
}
