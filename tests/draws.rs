//! What hidden tests draw: the same from the same text under one secret, and other values everywhere else.

use std::path::Path;
use std::sync::Arc;

use tokiolings::grader::{Draws, Grader, Home, Options, Seed, Source};
use tokiolings::workbook::Workbook;

#[path = "fixtures/small_workbook.rs"]
mod small_workbook;

const CHAPTER: &str = "title = \"Draws\"\n\n[[step]]\nexercise = \"draw\"\nhints = [\"None.\"]\n";
const HIDDEN: &str =
    "#[test]\nfn draws() {\n    exercise::nothing();\n    panic!(\"{}\", testkit::pick(0..=u64::MAX));\n}\n";
const TEXT: &str = "pub fn nothing() {}\n";

/// What the hidden test says of `text`.
fn drawn(workbook: &Arc<Workbook>, draws: &Draws, text: &str, cache: bool) -> String {
    let home = Home::at(Path::new(env!("CARGO_TARGET_TMPDIR")).join("home"));
    let options = Options { cache, draws: draws.clone(), ..Options::default() };
    let grader = Grader::new(Arc::clone(workbook), home, options);
    let exercise = workbook.step("draw").and_then(|step| step.as_exercise()).expect("it is there");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let verdict = runtime.block_on(grader.grade(exercise, &Source::Text(text.to_owned()), &|_| {}));
    let [test] = verdict.tests.as_slice() else { panic!("{verdict:#?}") };
    assert!(test.message.parse::<u64>().is_ok(), "{verdict:#?}");
    test.message.clone()
}

#[test]
fn one_secret_tells_one_text_the_same_and_nothing_else_does() {
    let (folder, workbook) = small_workbook::of_one("draw", CHAPTER, TEXT, TEXT, HIDDEN);
    let workbook = Arc::new(workbook);
    let [one, two] = ["one", "two"].map(|name| {
        let path = folder.path().join(name);
        std::fs::write(&path, name.repeat(16)).expect("written");
        Draws::Seeded(Seed::read(&path).expect("a seed"))
    });
    let first = drawn(&workbook, &one, TEXT, false);
    assert_eq!(drawn(&workbook, &one, TEXT, false), first);
    assert_ne!(drawn(&workbook, &two, TEXT, false), first);
    assert_ne!(drawn(&workbook, &one, "pub fn nothing() {}\n// Again.\n", false), first);
    assert_eq!(drawn(&workbook, &Draws::Kept, TEXT, false), drawn(&workbook, &Draws::Kept, TEXT, false));
    assert_ne!(drawn(&workbook, &Draws::Fresh, TEXT, false), drawn(&workbook, &Draws::Fresh, TEXT, false));

    // A verdict in the cache is of its secret alone.
    assert_eq!(drawn(&workbook, &one, TEXT, true), first);
    assert_ne!(drawn(&workbook, &two, TEXT, true), first);
    assert_eq!(drawn(&workbook, &one, TEXT, true), first);
}
