//! `tokiolings answer NAME CHOICE`

use std::sync::Arc;

use serde::Serialize;

use super::context::{Context, tell_lost};
use super::exit::{Exit, Failure};
use super::progress;
use crate::cli::{Format, Output};
use crate::screen::{self, Line, QuizView, Ran, Role};
use crate::verdict::Verdict;
use crate::watch;
use crate::workbook::{Exercise, Quiz};
use crate::workspace::{Answered, Progress};

pub(super) async fn run(
    context: &Context,
    name: &str,
    choice: Option<usize>,
    output: Output,
) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    let quiz = context.step(Some(name), &progress)?.as_quiz().ok_or_else(|| {
        Failure::Usage(format!("answer `{name}`: it is an exercise; grade it with `tokiolings run {name}`"))
    })?;
    let Some(choice) = choice else { return show(context, quiz, &progress, false, output).await };
    let order = quiz.order_for(progress.learner());
    let Some(&index) = choice.checked_sub(1).and_then(|shown| order.get(shown)) else {
        return Err(Failure::Usage(format!("answer `{name}`: choose a number from 1 to {}", order.len())));
    };
    let now = std::time::SystemTime::now();
    let kept = context.keep(&workspace, &progress, |progress| progress.answer_quiz(quiz, index, now));
    show(context, quiz, &kept.progress, false, output).await?;
    tell_lost(kept.lost.as_ref());
    Ok(if kept.value == Answered::Right { Exit::Success } else { Exit::NotSolved })
}

/// Prints the question as it stands for this learner. The program of a prediction that has been answered runs for it.
pub(super) async fn show(
    context: &Context,
    quiz: &Quiz,
    progress: &Progress,
    timeline: bool,
    output: Output,
) -> Result<Exit, Failure> {
    let run = match watch::program_to_run(quiz, progress) {
        Some(run) => Some(seen(context, &run).await),
        None => None,
    };
    let ran = run.as_ref().map(|run| match run {
        Ok(verdict) => Ran::Over(verdict),
        Err(problem) => Ran::Broken(problem),
    });
    let view = QuizView { ran, ..watch::quiz_of(quiz, progress) };
    match output.format {
        Format::Json => context.print_raw(&(Wire::of(&view).to_json() + "\n")),
        Format::Text => {
            let mut lines = screen::quiz(&view, context.width());
            lines.push(Line::blank());
            if view.solved {
                lines.extend(watch::onward(&context.workbook, progress, &quiz.name));
            } else {
                lines.push(
                    Line::of(Role::Dim, "Answer with ")
                        .and(Role::Code, format!("tokiolings answer {} NUMBER", quiz.name)),
                );
            }
            context.print(&lines);
            if let Some(Ok(verdict)) = run.as_ref().filter(|_| timeline) {
                context.print(&[Line::blank()]);
                context.print(&screen::timelines(verdict, context.width()));
            }
        }
    }
    Ok(if view.solved { Exit::Success } else { Exit::NotSolved })
}

/// What was seen of a program. Whatever is wrong with the machine is no reason to refuse an answer.
async fn seen(context: &Context, run: &Arc<Exercise>) -> Result<Verdict, String> {
    let shown = progress::Preparing::start();
    let grader = context.grader().map_err(|failure| failure.text())?;
    Ok(grader.run_program(run, &|activity| shown.on(&activity)).await)
}

const SCHEMA: &str = "tokiolings/quiz/v1";

/// A quiz as it stands for this learner, as `--format json` prints it. What an answer reveals is absent before it.
#[derive(Debug, Serialize)]
struct Wire<'a> {
    schema: &'static str,
    quiz: &'a str,
    chapter: &'a str,
    solved: bool,
    /// Of a prediction: its program.
    #[serde(skip_serializing_if = "Option::is_none")]
    program: Option<&'a str>,
    question: &'a str,
    choices: Vec<WireChoice<'a>>,
    /// The number of the right choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    explain: Option<&'a str>,
    /// What the program printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    printed: Option<&'a str>,
    /// Where the program could not run: what the workbook says that it prints.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct WireChoice<'a> {
    /// As it is chosen by.
    number: usize,
    text: &'a str,
    /// Whether it was chosen and is wrong.
    refused: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    says: Option<&'a str>,
}

impl<'a> Wire<'a> {
    fn of(view: &QuizView<'a>) -> Self {
        let quiz = view.quiz;
        let in_order = view.order.iter().enumerate().filter_map(|(shown, &index)| {
            let choice = quiz.choices.get(index)?;
            let refused = view.wrong.contains(&index);
            let says = choice.says.as_deref().filter(|_| refused);
            Some(WireChoice { number: shown + 1, text: &choice.text, refused, says })
        });
        let right = view.order.iter().position(|&index| index == quiz.answer);
        Self {
            schema: SCHEMA,
            quiz: &quiz.name,
            chapter: &quiz.chapter,
            solved: view.solved,
            program: quiz.prediction.as_ref().map(|prediction| prediction.program.as_str()),
            question: &quiz.question,
            choices: in_order.collect(),
            answer: right.filter(|_| view.solved).map(|shown| shown + 1),
            explain: view.solved.then_some(&quiz.explain),
            printed: view.ran.as_ref().and_then(Ran::printed),
            recorded: view.ran.as_ref().filter(|ran| ran.printed().is_none()).map(|_| quiz.recorded()),
        }
    }

    fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings, numbers and booleans are valid JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sample_quiz;

    #[test]
    fn the_format_reveals_what_was_answered_and_no_more() {
        let quiz = sample_quiz("question", "01_one");
        let json = |wrong: &[usize], solved| {
            let view =
                QuizView { quiz: &quiz, order: vec![2, 1, 0], wrong: wrong.to_vec(), solved, ran: None };
            Wire::of(&view).to_json()
        };
        let head = r#"{"schema":"tokiolings/quiz/v1","quiz":"question","chapter":"01_one","#;
        assert_eq!(
            json(&[], false),
            format!(
                r#"{head}"solved":false,"question":"Which?","choices":[{},{},{}]}}"#,
                r#"{"number":1,"text":"c","refused":false}"#,
                r#"{"number":2,"text":"b","refused":false}"#,
                r#"{"number":3,"text":"a","refused":false}"#,
            )
        );
        let tried = r#"{"number":1,"text":"c","refused":true,"says":"That would come after it."}"#;
        assert!(json(&[2], false).contains(tried), "{}", json(&[2], false));
        assert!(!json(&[2], false).contains("Not every"), "{}", json(&[2], false));
        assert!(json(&[2], true).ends_with(r#""answer":2,"explain":"Because."}"#), "{}", json(&[2], true));
    }
}
