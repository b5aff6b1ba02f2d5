//! Which workbook it is: results can be put side by side only when the same tests decided.

use crate::workbook::{Exercise, Workbook};

/// Names everything in a workbook that decides a verdict or its worth.
#[must_use]
pub fn edition(workbook: &Workbook) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &str| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(&format!("{:?}", workbook.dependencies));
    for (path, text) in &workbook.testkit {
        add(path);
        add(text);
    }
    for exercise in workbook.exercises() {
        let Exercise {
            name,
            chapter,
            core,
            hints: _,
            needs,
            program,
            deny,
            clippy,
            allow_unsafe,
            limit,
            idle: _,
            cpu: _,
            points,
            parked,
            spinning,
            starter,
            starter_fails: _,
            solution: _,
            subject,
            // Its hidden tests are among these.
            after: _,
            hidden,
        } = exercise.as_ref();
        add(&format!(
            "{name} {chapter} {core} {needs:?} {program} {deny:?} {clippy:?} {allow_unsafe} {limit:?}"
        ));
        add(&format!("{points} {parked:?} {spinning:?} {subject:?}"));
        add(starter);
        add(&hidden.source);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::workbook::{Chapter, Dependencies, Step, sample_exercise};

    fn workbook(exercise: Exercise) -> Workbook {
        Workbook {
            title: "w".into(),
            welcome: String::new(),
            farewell: String::new(),
            chapters: vec![Chapter {
                id: exercise.chapter.clone(),
                title: "One".into(),
                readme: String::new(),
                steps: vec![Step::Exercise(Arc::new(exercise))],
            }],
            renamed: Default::default(),
            dependencies: Dependencies::default(),
            testkit: vec![("lib.rs".into(), "text".into())],
        }
    }

    #[test]
    fn another_test_or_another_worth_is_another_edition_and_other_words_are_not() {
        let one = sample_exercise("e", &["t"]);
        let base = edition(&workbook(one.clone()));
        assert_eq!(edition(&workbook(Exercise { hints: vec!["other".into()], ..one.clone() })), base);
        assert_ne!(edition(&workbook(Exercise { points: 2, ..one.clone() })), base);
        assert_ne!(edition(&workbook(sample_exercise("e", &["u"]))), base);
        let mut other = workbook(one);
        other.testkit[0].1.push('x');
        assert_ne!(edition(&other), base);
    }
}
