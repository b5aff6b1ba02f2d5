use std::sync::Arc;

use std::time::Duration;

use super::*;
use crate::screen::Line;
use crate::verdict::{Kind, Status, TestResult, Verdict, sample_test, sample_verdict};
use crate::workbook::{Equivalent, Exercise, sample_exercise};

fn verdict(exercise: &Exercise, kind: Kind) -> Verdict {
    let status = match kind {
        Kind::Passed => Status::Passed,
        Kind::Hung => Status::Hung,
        _ => Status::Failed,
    };
    sample_verdict(&exercise.name, kind, vec![sample_test("hi_is_heard", status, "")])
}

fn outcome(kind: Kind, recorded: bool) -> Outcome {
    let solution = "pub async fn greet() {\n    hello().await;\n    hi().await;\n}\n".to_owned();
    let mutant = mutants(&solution, false)
        .unwrap()
        .into_iter()
        .find(|mutant| mutant.operator == Operator::DeleteStatement && mutant.line == 3)
        .unwrap();
    let exercise = Arc::new(Exercise { solution, ..sample_exercise("lazy_call", &["hi_is_heard"]) });
    let verdict = verdict(&exercise, kind);
    let record = recorded.then(|| Equivalent {
        file: "tests/equivalent/01_inert_plans/lazy_call.toml".to_owned(),
        line: 4,
        operator: "delete_statement".to_owned(),
        within: "greet".to_owned(),
        before: mutant.before.clone(),
        after: String::new(),
        nth: None,
        reason: "nobody listens".to_owned(),
    });
    Outcome::new(&exercise, mutant, None, &verdict, record.as_ref())
}

#[test]
fn a_record_explains_a_survivor_and_is_refuted_by_a_test() {
    assert_eq!(outcome(Kind::Passed, false).state(), State::Survived);
    assert_eq!(outcome(Kind::Passed, true).state(), State::Equivalent);
    assert_eq!(outcome(Kind::Failed, false).state(), State::Caught);
    assert_eq!(outcome(Kind::Broken, true).state(), State::Broken);
    let refuted = outcome(Kind::Failed, true).refuted().unwrap();
    assert_eq!(
        refuted.to_string(),
        "tests/equivalent/01_inert_plans/lazy_call.toml:4: is not equivalent: `hi_is_heard` catches it; delete the \
         record"
    );
    assert_eq!(outcome(Kind::Passed, true).refuted(), None);
    assert_eq!(outcome(Kind::Hung, true).refuted(), None);
}

#[test]
fn a_survivor_is_a_diff_and_a_record_to_fill_in() {
    let survivor = outcome(Kind::Passed, false);
    let lines: Vec<String> = super::super::survivor(&survivor).iter().map(Line::text).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    solutions/01_inert_plans/lazy_call.rs:3  delete_statement in greet
      leaves out a statement
      @@ -1,4 +1,3 @@
       pub async fn greet() {
           hello().await;
      -    hi().await;
       }
    ");
    insta::assert_snapshot!(record(&survivor), @r#"
    [[mutant]]
    operator = "delete_statement"
    in = "greet"
    before = "hi().await;"
    reason = ""
    "#);
}

#[test]
fn a_mutant_has_less_time_than_the_exercise_gives_unless_the_solution_is_slow() {
    let exercise = Exercise { limit: Duration::from_secs(10), ..sample_exercise("lazy_call", &["a"]) };
    let taking = |seconds| {
        let tests = [("a", seconds), ("b", 0.001)]
            .map(|(name, seconds)| TestResult { seconds, ..sample_test(name, Status::Passed, "") });
        let solution = sample_verdict(&exercise.name, Kind::Passed, tests.to_vec());
        limit(&exercise, &solution)
    };
    assert_eq!(taking(0.2), Duration::from_secs(2));
    assert_eq!(taking(0.3), Duration::from_secs(10));
    let strict = Exercise { limit: Duration::from_secs(1), ..exercise.clone() };
    assert_eq!(limit(&strict, &verdict(&strict, Kind::Passed)), Duration::from_secs(1));
}

#[test]
fn the_table_has_a_row_for_each_exercise() {
    let kinds = [Kind::Passed, Kind::Failed, Kind::Failed, Kind::Hung, Kind::DoesNotCompile];
    let first: Vec<Outcome> = kinds.map(|kind| outcome(kind, false)).to_vec();
    let second = [outcome(Kind::Passed, true), outcome(Kind::Crashed, false)];
    let rows = [("lazy_call".to_owned(), Tally::of(&first)), ("async_main".to_owned(), Tally::of(&second))];
    let lines = table("exercise", &rows, Tally::of(first.iter().chain(&second)));
    insta::assert_snapshot!(lines.iter().map(Line::text).collect::<Vec<_>>().join("\n"), @r"
    exercise    made  no compile  failed  hung  crashed  equivalent  survived
    lazy_call      5           1       2     1        0           0         1
    async_main     2           0       0     0        1           1         0
    all            7           1       2     1        1           1         1
    ");
}

#[test]
fn a_test_that_refuses_no_mutant_is_named_and_the_others_are_counted_for_one_exercise() {
    let exercise = Arc::new(sample_exercise("lazy_call", &["hi_is_heard", "nothing", "late"]));
    let refused_by = |tests: &[&str]| {
        let tests = tests.iter().map(|test| (*test).to_owned()).collect();
        Outcome { exercise: Arc::clone(&exercise), tests, ..outcome(Kind::Failed, false) }
    };
    let outcomes = [refused_by(&["hi_is_heard", "late"]), refused_by(&["late"]), refused_by(&[])];
    assert_eq!(by_test(&exercise, &outcomes), [("hi_is_heard", 1), ("nothing", 0), ("late", 2)]);
    let said = |of_each: &[&[Outcome]]| -> Vec<String> {
        super::super::tests_of(of_each).iter().map(Line::text).collect()
    };
    assert_eq!(
        said(&[&outcomes]),
        [
            "lazy_call: `hi_is_heard` refuses 1",
            "lazy_call: `nothing` refuses no mutant",
            "lazy_call: `late` refuses 2"
        ]
    );
    assert_eq!(
        said(&[&outcomes, &[outcome(Kind::Failed, false)]]),
        ["lazy_call: `nothing` refuses no mutant"]
    );
}

#[test]
fn each_operator_that_made_mutants_has_a_row() {
    let outcomes = [outcome(Kind::Passed, false), outcome(Kind::Failed, false)];
    let rows = by_operator(&outcomes);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].0, "delete_statement");
    assert_eq!((rows[0].1.made, rows[0].1.survived), (2, 1));
}

#[test]
fn an_outcome_is_one_object() {
    insta::assert_snapshot!(json(&outcome(Kind::Failed, false)), @r#"{"schema":"tokiolings/mutant/v1","exercise":"lazy_call","chapter":"01_inert_plans","file":"solutions/01_inert_plans/lazy_call.rs","line":3,"operator":"delete_statement","mistake":"leaves out a statement","in":"greet","before":"hi().await;","after":"","verdict":"failed","test":"hi_is_heard","tests":["hi_is_heard"],"equivalent":null,"survived":false,"diff":"@@ -1,4 +1,3 @@\n pub async fn greet() {\n     hello().await;\n-    hi().await;\n }\n"}"#);
}
