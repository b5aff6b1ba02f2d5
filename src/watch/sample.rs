//! A small workbook for the tests of this module: `first`, then the quiz `question`, then `second` and `third`.

use std::time::Duration;

use crate::workbook::{Chapter, Dependencies, Exercise, HiddenTests, Quiz, Step, Workbook};

pub(super) fn workbook() -> Workbook {
    let chapter = |id: &str, steps| Chapter {
        id: id.into(),
        title: format!("Chapter {id}"),
        readme: String::new(),
        steps,
    };
    let step = |name: &str, chapter: &str| Step::Exercise(exercise(name, chapter).into());
    Workbook {
        title: "A small workbook".into(),
        welcome: "Welcome.".into(),
        farewell: "Farewell.".into(),
        chapters: vec![
            chapter("01_one", vec![step("first", "01_one"), Step::Quiz(quiz().into())]),
            chapter("02_two", vec![step("second", "02_two"), step("third", "02_two")]),
        ],
        dependencies: Dependencies::default(),
        testkit: Vec::new(),
    }
}

pub(super) fn exercise(name: &str, chapter: &str) -> Exercise {
    Exercise {
        name: name.into(),
        chapter: chapter.into(),
        core: true,
        hints: vec!["a nudge".into(), "the idea".into()],
        needs: None,
        program: false,
        deny: Vec::new(),
        clippy: Vec::new(),
        allow_unsafe: false,
        limit: Duration::from_secs(10),
        points: 1,
        parked: None,
        spinning: None,
        starter: format!("//! Make {name} speak.\n"),
        starter_fails: None,
        solution: String::new(),
        hidden: HiddenTests { source: format!("// hidden tests of {name}\n"), tests: Vec::new() },
    }
}

pub(super) fn quiz() -> Quiz {
    Quiz {
        name: "question".into(),
        chapter: "01_one".into(),
        core: true,
        question: "Which?".into(),
        choices: vec!["a".into(), "b".into(), "c".into()],
        answer: 1,
        explain: "Because.".into(),
    }
}
