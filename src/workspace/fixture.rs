//! A small workbook for the tests of this module: two chapters, three exercises, one quiz.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::workbook::{Exercise, Quiz, Workbook, sample_exercise, sample_quiz, sample_workbook};

/// 2001-09-09T01:46:40Z.
pub(super) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}

/// `first`, `question` in `01_one`; `second`, `third` in `02_two`, the last not core.
pub(super) fn workbook() -> Workbook {
    sample_workbook(|name, chapter| Exercise { core: name != "third", ..exercise(name, chapter) })
}

pub(super) fn exercise(name: &str, chapter: &str) -> Exercise {
    Exercise {
        chapter: chapter.into(),
        hints: vec!["a nudge".into(), "the idea".into()],
        starter: format!("// {name}\nfn main() {{}}\n"),
        ..sample_exercise(name, &[])
    }
}

pub(super) fn quiz(name: &str, chapter: &str) -> Quiz {
    sample_quiz(name, chapter)
}
