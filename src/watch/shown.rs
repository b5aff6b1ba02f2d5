//! How progress becomes rows, badges and headings.

use std::sync::Arc;

use crate::screen::{Badge, Heading, Line, QuizView, Row, counted};
use crate::workbook::{Exercise, Quiz, Step, Workbook};
use crate::workspace::{Mark, Progress, Reviews, State};

/// What is said when nothing is left to do.
pub(super) const DONE: &str = "Every step is solved: you have done the whole workbook.";

/// How a state looks.
#[must_use]
pub fn badge(state: State) -> Badge {
    match state {
        State::Solved => Badge::Solved,
        State::Pending => Badge::Pending,
        State::Skipped => Badge::Skipped,
        State::Stale => Badge::Stale,
    }
}

/// Every step as a row of the list.
#[must_use]
pub fn rows_of<'a>(workbook: &'a Workbook, progress: &Progress, current: Option<&str>) -> Vec<Row<'a>> {
    let rows = workbook.steps().map(|(chapter, step)| {
        let record = progress.record(step.name());
        Row {
            chapter: &chapter.title,
            name: step.name(),
            question: step.as_quiz().map(|quiz| quiz.noun()),
            core: step.core(),
            badge: badge(progress.state(step)),
            current: current == Some(step.name()),
            attempts: record.map_or(0, |record| record.attempts),
            hints: record.map_or(0, |record| record.hints as usize),
            brings: workbook.dependencies.brought_by(step.needs()),
        }
    });
    rows.collect()
}

/// Where in the workbook a step is; `None` for a name that it does not have.
#[must_use]
pub fn heading_of<'a>(workbook: &'a Workbook, progress: &Progress, name: &str) -> Option<Heading<'a>> {
    let total = workbook.steps().count();
    let (index, (chapter, step)) = workbook.steps().enumerate().find(|(_, (_, step))| step.name() == name)?;
    let badge = badge(progress.state(step));
    Some(Heading { chapter: &chapter.title, step: step.name(), number: index + 1, total, badge })
}

/// A quiz as it stands for this learner. What the program of a prediction did is not among it.
#[must_use]
pub fn quiz_of<'a>(quiz: &'a Quiz, progress: &Progress) -> QuizView<'a> {
    let record = progress.record(&quiz.name);
    let answered = record.into_iter().flat_map(|record| record.answered.iter().copied());
    QuizView {
        quiz,
        order: quiz.order_for(progress.learner()),
        wrong: answered.filter(|choice| *choice != quiz.answer).collect(),
        solved: record.is_some_and(|record| record.mark == Some(Mark::Solved)),
        ran: None,
    }
}

/// What is due for review, and how long it takes.
#[must_use]
pub fn due(reviews: &Reviews<'_>) -> String {
    let exercises = reviews.due.iter().filter(|step| step.as_exercise().is_some()).count();
    let questions = reviews.due.len() - exercises;
    let kinds: Vec<String> = [(questions, "question"), (exercises, "exercise")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, kind)| counted(count, kind))
        .collect();
    let minutes = usize::try_from(reviews.minutes()).unwrap_or(usize::MAX);
    format!("Due for review: {}, about {}", kinds.join(" and "), counted(minutes, "minute"))
}

/// The program of a prediction that the learner has answered: it runs now, and does not before.
#[must_use]
pub fn program_to_run(quiz: &Quiz, progress: &Progress) -> Option<Arc<Exercise>> {
    let answered = progress.record(&quiz.name).is_some_and(|record| !record.answered.is_empty());
    quiz.as_run().filter(|_| answered)
}

/// What comes after a step that is solved. The progress file may go on naming the step itself as the current one, so the
/// next one is called by its name.
#[must_use]
pub fn onward(workbook: &Workbook, progress: &Progress, name: &str) -> Vec<Line> {
    let (next, command) = match progress.next_after(workbook, name) {
        Some(Step::Exercise(exercise)) => (
            format!("Next: {}, {}", exercise.name, exercise.path()),
            format!("Grade it with `tokiolings run {}`.", exercise.name),
        ),
        Some(Step::Quiz(quiz)) => (
            format!("Next: the {} {}", quiz.noun(), quiz.name),
            format!("Read it with `tokiolings answer {}`.", quiz.name),
        ),
        None => return vec![Line::from(DONE)],
    };
    vec![Line::from(next), Line::from(command)]
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::watch::sample;

    #[test]
    fn a_quiz_shows_what_was_wrong_and_whether_it_is_solved() {
        let quiz = sample::quiz();
        let mut progress = Progress::new("seed".into());
        let seen = |progress: &Progress| {
            let QuizView { order, wrong, solved, .. } = quiz_of(&quiz, progress);
            assert_eq!(order, quiz.order_for("seed"));
            (wrong, solved)
        };
        assert_eq!(seen(&progress), (vec![], false));
        for choice in [2, 0] {
            progress.answer_quiz(&quiz, choice, SystemTime::UNIX_EPOCH);
        }
        assert_eq!(seen(&progress), (vec![2, 0], false));
        progress.answer_quiz(&quiz, quiz.answer, SystemTime::UNIX_EPOCH);
        assert_eq!(seen(&progress), (vec![2, 0], true));
    }
}
