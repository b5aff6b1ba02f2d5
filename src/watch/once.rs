//! Without a terminal: the current step is graded once and shown as text.

use std::io::Write;

use crate::grader::Grader;
use crate::screen::colour::{Colour, paint_all};
use crate::screen::{Line, QuizView, Ran, heading, hints, quiz, verdict};
use crate::verdict::{Kind, Verdict};
use crate::workbook::Step;
use crate::workspace::{State, Workspace};

use super::editor::Editors;
use super::event::Change;
use super::run::Error;
use super::shown::{DONE, heading_of, onward, program_to_run, quiz_of};
use super::world::Desk;

/// Columns of the text: it goes to a file or a log, where nobody knows a width.
const WIDTH: usize = 80;

/// Grades the current step, records what came of it, and writes it as plain text. Gives the verdict; `None` when the
/// step is a quiz or a prediction, or when nothing is left to do.
///
/// # Errors
/// The workspace cannot be used, or `out` cannot be written.
pub async fn once(
    grader: Grader,
    workspace: Workspace,
    out: &mut impl Write,
) -> Result<Option<Verdict>, Error> {
    let mut progress = workspace.store().load()?.progress;
    let workbook = grader.workbook().clone();
    let mut desk = Desk {
        workbook: workbook.clone(),
        workspace,
        grader,
        editors: Editors::default(),
        unsaved: Vec::new(),
    };
    let mut lines = Vec::new();
    let Some(step) = progress.current(&workbook) else {
        lines.push(Line::from(DONE));
        return write(out, &lines).map(|()| None);
    };
    lines.extend(heading_of(&workbook, &progress, step.name()).map(|at| heading(&at, WIDTH)));
    lines.push(Line::blank());
    match step {
        Step::Quiz(question) => {
            let verdict = match program_to_run(question, &progress) {
                Some(run) => Some(desk.grader.run_program(&run, &|_| {}).await),
                None => None,
            };
            let view = QuizView { ran: verdict.as_ref().map(Ran::Over), ..quiz_of(question, &progress) };
            lines.extend(quiz(&view, WIDTH));
            lines.push(Line::blank());
            if view.solved {
                lines.extend(onward(&workbook, &progress, &question.name));
            } else {
                lines.push(Line::from(format!(
                    "Answer it with `tokiolings answer {} NUMBER`.",
                    question.name
                )));
            }
            write(out, &lines).map(|()| None)
        }
        Step::Exercise(exercise) => {
            let graded = desk.grade_file(exercise, &|_| {}).await;
            lines.extend(verdict(&graded.verdict, exercise, WIDTH));
            let mut changes = Vec::new();
            if progress.state(step) != State::Solved && graded.verdict.kind != Kind::Broken {
                changes.push(Change::Attempt(exercise.name.clone()));
            }
            if let (true, Some(source)) = (graded.verdict.passed(), graded.source) {
                changes.push(Change::Solved { name: exercise.name.clone(), source });
            } else {
                let taken = progress.record(&exercise.name).map_or(0, |record| record.hints as usize);
                let taken = hints(&exercise.hints, taken, WIDTH);
                if !taken.is_empty() {
                    lines.push(Line::blank());
                    lines.extend(taken);
                }
            }
            // Saved first: what a learner has been told is remembered.
            if !changes.is_empty() {
                match desk.save_changes(&changes) {
                    Ok(saved) => progress = saved,
                    Err(unsaved) => lines.extend([Line::blank(), Line::from(unsaved.problem)]),
                }
            }
            if graded.verdict.passed() {
                lines.push(Line::blank());
                lines.extend(onward(&workbook, &progress, &exercise.name));
            }
            write(out, &lines).map(|()| Some(graded.verdict))
        }
    }
}

fn write(out: &mut impl Write, lines: &[Line]) -> Result<(), Error> {
    out.write_all(paint_all(lines, Colour::Off).as_bytes()).and_then(|()| out.flush()).map_err(Error::Output)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::watch::sample;
    use crate::workspace::{Progress, hidden_hash};

    #[test]
    fn after_a_pass_the_next_step_is_named_until_none_is_left() {
        let workbook = sample::workbook();
        let mut progress = Progress::new("seed".into());
        let mut told = Vec::new();
        for (_, step) in workbook.steps() {
            match step {
                Step::Exercise(exercise) => {
                    progress.record_solved(
                        &exercise.name,
                        "s",
                        &hidden_hash(exercise),
                        SystemTime::UNIX_EPOCH,
                    );
                }
                Step::Quiz(quiz) => {
                    progress.answer_quiz(quiz, quiz.answer, SystemTime::UNIX_EPOCH);
                }
            }
            told.push(
                onward(&workbook, &progress, step.name())
                    .iter()
                    .map(Line::text)
                    .collect::<Vec<_>>()
                    .join("\n"),
            );
        }
        assert_eq!(
            told,
            [
                "Next: the quiz question\nRead it with `tokiolings answer question`.",
                "Next: second, exercises/02_two/second.rs\nGrade it with `tokiolings run second`.",
                "Next: third, exercises/02_two/third.rs\nGrade it with `tokiolings run third`.",
                "Every step is solved: you have done the whole workbook.",
            ]
        );
    }
}
