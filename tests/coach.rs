//! The coach, proven: each situation of its data file by a small program that is really compiled or run, with the
//! learner's own names in what is said.

#![expect(clippy::unwrap_used, reason = "clippy takes only the `#[test]` functions of this file for tests")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use futures_util::stream::{self, StreamExt};
use tokiolings::grader::{Grader, Home, Options, Source};
use tokiolings::verdict::{Diagnostic, Level, Status, Verdict, explain, explain_panic};
use tokiolings::workbook::{Exercise, Fails, Workbook, answers};

/// A program that puts a learner into a situation.
struct Proof {
    file: String,
    /// The situation's id.
    situation: String,
    /// What the coach must say, each a part of it.
    says: Vec<String>,
    /// The name of the exercise that it is graded as.
    exercise: String,
    source: String,
}

/// The exercises that proofs are graded as, with their hidden tests: one that only calls `run`, the same under clippy and
/// as a program, one that hands over a plan of testkit, one that moves and awaits the plan that `run` hands out, one that hands
/// over the future of an `async` block, one that implements `Api`, and one that drops what it lent to `run` before it awaits the plan.
const EXERCISES: &[(&str, &str)] = &[
    ("plain", CALL),
    ("linted", CALL),
    ("program", CALL),
    (
        "scripted",
        "use testkit::{Script, Step};\n\n#[test]\nfn runs() {\n    \
         exercise::run(Script::new(\"inner\", [Step::Ready(())]));\n}\n",
    ),
    (
        "moved",
        "use exercise::run;\n\n#[test]\nfn runs() {\n    let plan = run();\n    testkit::assert_send(&plan);\n    \
         testkit::vt(plan);\n}\n",
    ),
    ("handed", "#[test]\nfn runs() {\n    exercise::run(async {});\n}\n"),
    (
        "implemented",
        "use exercise::{Api, run};\n\nstruct Mine;\n\nimpl Api for Mine {\n    async fn get(&self) -> u32 {\n        \
         let cell = std::cell::Cell::new(1);\n        tokio::task::yield_now().await;\n        cell.get()\n    }\n}\n\n\
         #[test]\nfn runs() {\n    run(Mine);\n}\n",
    ),
    (
        "lent",
        "use exercise::run;\n\n#[test]\nfn runs() {\n    let list = vec![1];\n    let future = run(&list);\n    drop(list);\n    \
         testkit::vt(future);\n}\n",
    ),
];

const CALL: &str = "use exercise::run;\n\n#[test]\nfn runs() {\n    let () = run();\n}\n";

const CHAPTER: &str = r#"title = "Proofs"

[[step]]
exercise = "plain"
hints = ["none"]

[[step]]
exercise = "linted"
hints = ["none"]
clippy = ["await_holding_lock", "await_holding_refcell_ref", "let_underscore_future", "async_yields_async"]

[[step]]
exercise = "program"
hints = ["none"]
program = true

[[step]]
exercise = "scripted"
hints = ["none"]

[[step]]
exercise = "moved"
hints = ["none"]

[[step]]
exercise = "handed"
hints = ["none"]

[[step]]
exercise = "implemented"
hints = ["none"]

[[step]]
exercise = "lent"
hints = ["none"]
"#;

static PROOFS: LazyLock<Vec<Proof>> = LazyLock::new(|| {
    let mut proofs: Vec<Proof> = fs::read_dir(root().join("tests/coach"))
        .unwrap()
        .map(|entry| proof(&entry.unwrap().path()))
        .collect();
    proofs.sort_by(|a, b| a.file.cmp(&b.file));
    proofs
});

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn proof(path: &Path) -> Proof {
    let source = fs::read_to_string(path).unwrap();
    let file = path.file_stem().unwrap().to_string_lossy().into_owned();
    let heads = |key: &str| -> Vec<String> {
        let key = format!("//! {key}: ");
        source.lines().filter_map(|line| line.strip_prefix(&key)).map(str::to_owned).collect()
    };
    let situation = heads("situation").join(", ");
    assert_eq!(file.split("__").next(), Some(situation.as_str()), "{file} is named after its situation");
    assert!(!heads("says").is_empty(), "{file} says what must be said");
    let exercise = heads("exercise").pop().unwrap_or_else(|| "plain".to_owned());
    Proof { says: heads("says"), file, situation, exercise, source }
}

/// The dependencies are those of the real workbook, so that they are built once for both.
fn grader(workbook: Workbook) -> Grader {
    let home = Home::at(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("home"));
    Grader::new(Arc::new(workbook), home, Options { cache: false, ..Options::default() })
}

fn workbook_of_proofs(folder: &Path) -> Workbook {
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let real = fs::read_to_string(root().join("exercises/workbook.toml")).unwrap();
    let dependencies = &real[real.find("[dependencies]").unwrap()..];
    write(
        "exercises/workbook.toml",
        &format!(
            "format = 1\ntitle = \"Proofs\"\nwelcome = \"Hello.\"\nfarewell = \"Goodbye.\"\nchapters = [\"01_proofs\"]\n\n\
             {dependencies}"
        ),
    );
    write("exercises/workbook.lock", &fs::read_to_string(root().join("exercises/workbook.lock")).unwrap());
    write("exercises/01_proofs/README.md", "# Proofs\n");
    write("exercises/01_proofs/chapter.toml", CHAPTER);
    for (name, hidden_test) in EXERCISES {
        write(&format!("exercises/01_proofs/{name}.rs"), "pub fn run() {}\n");
        write(&format!("solutions/01_proofs/{name}.rs"), "pub fn run() {}\n");
        write(&format!("tests/hidden/01_proofs/{name}.rs"), hidden_test);
    }
    let mut workbook = Workbook::read(folder).unwrap_or_else(|faults| panic!("failed to {faults}"));
    workbook.testkit = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}")).testkit;
    workbook
}

/// Grades all submissions, a few at once, in their order.
fn grade(grader: &Grader, submissions: Vec<(Arc<Exercise>, String)>) -> Vec<Verdict> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(
        stream::iter(submissions)
            .map(|(exercise, source)| async move {
                grader.grade(&exercise, &Source::Text(source), &|_| {}).await
            })
            .buffered(4)
            .collect(),
    )
}

/// What grades: `rustc` on the search path, or what `TOKIOLINGS_RUSTC` names.
fn compiler(grader: &Grader) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(grader.compiler()).unwrap_or_else(|broken| panic!("{broken:?}"))
}

/// Whether the compiler has a clippy of its own. A second one of a distribution may come without, and another's clippy
/// cannot read what it has built.
fn has_clippy() -> bool {
    let named = std::env::var_os("TOKIOLINGS_RUSTC").map(PathBuf::from);
    named.is_none_or(|rustc| rustc.with_file_name("clippy-driver").is_file())
}

/// Every paragraph that the coach has for a verdict, those about errors first.
fn coached(verdict: &Verdict) -> Vec<String> {
    let mut diagnostics: Vec<&Diagnostic> = verdict.diagnostics.iter().collect();
    diagnostics.sort_by_key(|diagnostic| diagnostic.level);
    let compiler = diagnostics.into_iter().filter_map(explain);
    let tests = verdict
        .tests
        .iter()
        .filter(|test| matches!(test.status, Status::Failed | Status::Crashed | Status::Hung))
        .flat_map(|test| {
            let behind = explain_panic(&test.message, &test.output).map(|words| words.text().to_owned());
            paragraphs(&test.message).into_iter().chain(behind)
        });
    compiler.chain(tests).collect()
}

/// The coach's words in a test's message: behind it, or around it with their first sentence in front.
fn paragraphs(message: &str) -> [String; 2] {
    let (first, last) =
        (message.lines().next().unwrap_or_default(), message.lines().last().unwrap_or_default());
    [format!("{first} {last}"), last.to_owned()]
}

/// Everything that a learner would read.
fn said(verdict: &Verdict) -> String {
    let mut text = format!("it is {}\n", verdict.kind.as_str());
    for diagnostic in &verdict.diagnostics {
        let code = diagnostic.code.as_deref().unwrap_or("none");
        text.push_str(&format!("[{code}] {}\n{}", diagnostic.message, diagnostic.rendered));
    }
    for test in &verdict.tests {
        text.push_str(&format!("{}\n{}\n", test.message, test.output));
    }
    if let Some(broken) = &verdict.broken {
        text.push_str(&broken.problem);
    }
    text
}

#[test]
fn every_situation_is_explained_in_the_learners_own_names() {
    let folder = tempfile::tempdir().unwrap();
    let grader = grader(workbook_of_proofs(folder.path()));
    let proofs: Vec<&Proof> =
        PROOFS.iter().filter(|proof| proof.exercise != "linted" || has_clippy()).collect();
    let submissions = proofs
        .iter()
        .map(|proof| {
            let step = grader.workbook().step(&proof.exercise).unwrap();
            (step.as_exercise().unwrap().clone(), proof.source.clone())
        })
        .collect();
    let verdicts = grade(&grader, submissions);
    let compiler = compiler(&grader);
    println!("{} of {} proofs, made with {compiler}\n", proofs.len(), PROOFS.len());
    let mut complaints = Vec::new();
    for (proof, verdict) in proofs.into_iter().zip(&verdicts) {
        let paragraphs = coached(verdict);
        if let Some(paragraph) = paragraphs.first() {
            println!("{}\n  {paragraph}\n", proof.file);
        }
        let told = paragraphs.iter().any(|text| {
            proof.says.iter().all(|part| text.contains(part)) && of_situation(&proof.situation, text)
        });
        if !told {
            complaints.push(format!(
                "{}: {:?} is not said, but {paragraphs:#?}\n{}",
                proof.file,
                proof.says,
                said(verdict)
            ));
        }
    }
    assert!(complaints.is_empty(), "{} faults with {compiler}\n{}", complaints.len(), complaints.join("\n"));
}

/// The situations of the data file with the words of each that stand between its placeholders.
fn texts() -> Vec<(String, Vec<String>)> {
    let data = fs::read_to_string(root().join("src/verdict/coach.toml")).unwrap();
    let data: toml::Table = data.parse().unwrap();
    let situations = data["situation"].as_array().unwrap();
    situations
        .iter()
        .map(|situation| {
            let says = situation["says"].as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
            let between = says.split('{').map(|piece| piece.split_once('}').map_or(piece, |(_, rest)| rest));
            (situation["id"].as_str().unwrap().to_owned(), between.map(str::to_owned).collect())
        })
        .collect()
}

/// Whether a paragraph is that of the situation: it has all of its words, in order.
fn of_situation(id: &str, paragraph: &str) -> bool {
    let texts = texts();
    let (_, words) =
        texts.iter().find(|(known, _)| known == id).unwrap_or_else(|| panic!("no situation {id}"));
    let mut rest = paragraph;
    words.iter().all(|piece| match rest.find(piece.as_str()) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

#[test]
fn every_situation_has_its_proof() {
    let proven: BTreeSet<&str> = PROOFS.iter().map(|proof| proof.situation.as_str()).collect();
    let texts = texts();
    let unproven: Vec<&str> =
        texts.iter().map(|(id, _)| id.as_str()).filter(|id| !proven.contains(id)).collect();
    assert!(unproven.is_empty(), "write tests/coach/<id>.rs for {unproven:?}");
    println!("{} situations, {} proofs", texts.len(), PROOFS.len());
}

/// The starters that do not compile, and the wrong answers that must not: what a learner is most likely to see.
#[test]
fn what_does_not_compile_in_this_workbook_is_explained() {
    let workbook = Workbook::read(&root()).unwrap_or_else(|faults| panic!("failed to {faults}"));
    let grader = grader(workbook);
    let mut names = Vec::new();
    let mut submissions = Vec::new();
    for exercise in grader.workbook().exercises() {
        names.push((format!("the starter of {}", exercise.name), None));
        submissions.push((exercise.clone(), exercise.starter.clone()));
        for answer in answers(&root(), exercise).unwrap_or_else(|faults| panic!("failed to {faults}")) {
            if let Some(Fails::Compile(code)) = answer.expectation.map(|expectation| expectation.fails) {
                names.push((answer.path, Some(code)));
                submissions.push((exercise.clone(), answer.source));
            }
        }
    }
    let verdicts = grade(&grader, submissions);
    let mut unexplained = Vec::new();
    let (mut all, mut explained) = (0, 0);
    for ((name, code), verdict) in names.iter().zip(&verdicts) {
        for error in verdict.diagnostics.iter().filter(|diagnostic| diagnostic.level == Level::Error) {
            if code.is_some() && *code != error.code {
                continue;
            }
            all += 1;
            match explain(error) {
                Some(paragraph) => {
                    explained += 1;
                    println!("{name} [{}]\n  {paragraph}\n", error.code.as_deref().unwrap_or("none"));
                }
                None => unexplained.push(format!("{name}: {}", said(verdict))),
            }
        }
    }
    let compiler = compiler(&grader);
    println!("{explained} of {all} errors of starters and wrong answers explained, made with {compiler}");
    assert!(all > 0);
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}
