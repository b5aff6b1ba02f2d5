//! Small workbooks and their parts, for the tests of other modules.

use std::collections::BTreeMap;

use super::{
    Chapter, Choice, DEFAULT_CPU, DEFAULT_LIMIT, Dependencies, Exercise, HiddenTests, Prediction, Quiz, Step,
    Workbook,
};

/// `first` and the quiz `question` in `01_one`, `second` and `third` in `02_two`. `exercise` makes one of its name and its
/// chapter.
pub(crate) fn sample_workbook(exercise: impl Fn(&str, &str) -> Exercise) -> Workbook {
    let step = |name: &str, chapter: &str| Step::Exercise(exercise(name, chapter).into());
    let chapter = |id: &str, steps| Chapter {
        id: id.to_owned(),
        title: format!("Chapter {id}"),
        readme: format!("# {id}\n"),
        steps,
    };
    Workbook {
        title: "A small workbook".to_owned(),
        welcome: "Welcome.".to_owned(),
        farewell: "Farewell.".to_owned(),
        chapters: vec![
            chapter(
                "01_one",
                vec![step("first", "01_one"), Step::Quiz(sample_quiz("question", "01_one").into())],
            ),
            chapter("02_two", vec![step("second", "02_two"), step("third", "02_two")]),
        ],
        renamed: BTreeMap::new(),
        dependencies: Dependencies::default(),
        testkit: Vec::new(),
    }
}

/// An exercise with hidden tests of these names.
pub(crate) fn sample_exercise(name: &str, tests: &[&str]) -> Exercise {
    let source: String =
        tests.iter().map(|test| format!("#[test]\nfn {test}() {{\n    assert!(true);\n}}\n")).collect();
    sample_exercise_with(name, source)
}

/// An exercise with these hidden tests.
pub(crate) fn sample_exercise_with(name: &str, source: String) -> Exercise {
    Exercise {
        name: name.to_owned(),
        chapter: "01_inert_plans".to_owned(),
        core: true,
        hints: vec!["a nudge".to_owned(), "the idea".to_owned(), "almost the answer".to_owned()],
        needs: None,
        program: false,
        deny: Vec::new(),
        clippy: Vec::new(),
        allow_unsafe: false,
        limit: DEFAULT_LIMIT,
        idle: std::time::Duration::ZERO,
        cpu: DEFAULT_CPU,
        parked: None,
        spinning: None,
        points: 1,
        starter: "pub fn f() {}\n".to_owned(),
        starter_fails: None,
        solution: "pub fn f() {}\n".to_owned(),
        subject: None,
        hidden: HiddenTests::read(&source, &[]).unwrap_or(HiddenTests::of(source, Vec::new())),
        after: None,
    }
}

/// A quiz whose second choice is right.
pub(crate) fn sample_quiz(name: &str, chapter: &str) -> Quiz {
    Quiz {
        name: name.to_owned(),
        chapter: chapter.to_owned(),
        core: true,
        question: "Which?".to_owned(),
        choices: [("a", Some("Not every a is one.")), ("b", None), ("c", Some("That would come after it."))]
            .map(|(text, says)| Choice { text: text.to_owned(), says: says.map(str::to_owned), prints: None })
            .to_vec(),
        answer: 1,
        explain: "Because.".to_owned(),
        prediction: None,
    }
}

/// A prediction whose second choice is right.
pub(crate) fn sample_prediction(name: &str, chapter: &str) -> Quiz {
    let mut quiz = sample_quiz(name, chapter);
    quiz.choices[0].prints = Some("a".to_owned());
    quiz.choices[1].prints = Some("b".to_owned());
    quiz.prediction = Some(Prediction {
        file: format!("{name}.rs"),
        program: "fn main() {\n    println!(\"b\");\n}\n".to_owned(),
        needs: None,
        lanes: Vec::new(),
    });
    quiz
}
