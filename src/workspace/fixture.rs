//! A small workbook for the tests of this module: two chapters, three exercises, one quiz.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::workbook::{Chapter, Dependencies, Exercise, HiddenTests, Quiz, Step, Workbook};

/// 2001-09-09T01:46:40Z.
pub(super) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

/// `first`, `question` in `01_one`; `second`, `third` in `02_two`, the last not core.
pub(super) fn workbook() -> Workbook {
    let second = exercise("second", "02_two");
    let third = Exercise { core: false, ..exercise("third", "02_two") };
    Workbook {
        title: "A small workbook".into(),
        welcome: "Welcome.".into(),
        farewell: "Farewell.".into(),
        chapters: vec![
            chapter(
                "01_one",
                vec![
                    Step::Exercise(exercise("first", "01_one").into()),
                    Step::Quiz(quiz("question", "01_one").into()),
                ],
            ),
            chapter("02_two", vec![Step::Exercise(second.into()), Step::Exercise(third.into())]),
        ],
        dependencies: Dependencies { base: Vec::new(), tiers: BTreeMap::new(), lock: None },
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
        points: 1,
        limit: Duration::from_secs(10),
        parked: None,
        spinning: None,
        starter: format!("// {name}\nfn main() {{}}\n"),
        starter_fails: None,
        solution: "fn main() {}\n".into(),
        hidden: HiddenTests { source: format!("// hidden tests of {name}\n"), tests: Vec::new() },
    }
}

pub(super) fn quiz(name: &str, chapter: &str) -> Quiz {
    Quiz {
        name: name.into(),
        chapter: chapter.into(),
        core: true,
        question: "Which?".into(),
        choices: vec!["a".into(), "b".into(), "c".into()],
        answer: 1,
        explain: "Because.".into(),
    }
}

fn chapter(id: &str, steps: Vec<Step>) -> Chapter {
    Chapter { id: id.into(), title: format!("Chapter {id}"), readme: format!("# {id}\n"), steps }
}
