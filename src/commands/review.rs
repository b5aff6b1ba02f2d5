//! `tokiolings review [NAME] [CHOICE]`

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::context::{Context, note, tell_lost};
use super::exit::{Exit, Failure};
use super::progress::Preparing;
use crate::grader::Source;
use crate::screen::{self, Line, QuizView, Role, counted};
use crate::watch;
use crate::workbook::{Exercise, Quiz, Step};
use crate::workspace::{Mark, Progress, Reviews, Workspace};

/// What the learner asked for.
pub(super) enum Asked<'a> {
    /// Everything that is due.
    Due,
    /// One step; with a number, the answer to its question.
    Step(&'a str, Option<usize>),
    /// Switch reviews on or off.
    Switch(bool),
}

pub(super) async fn run(context: &Context, asked: Asked<'_>) -> Result<Exit, Failure> {
    let workspace = context.workspace()?;
    let progress = context.progress(&workspace)?;
    match asked {
        Asked::Switch(on) => switch(context, &workspace, on),
        Asked::Due if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() => {
            ask_all(context, &workspace, progress)
        }
        Asked::Due => {
            context.print(&overview(&progress, &progress.reviews(&context.workbook, SystemTime::now())));
            Ok(Exit::Success)
        }
        Asked::Step(name, choice) => {
            let step = solved(context, &progress, name)?;
            match (step, choice) {
                (Step::Quiz(quiz), choice) => one_question(context, &workspace, progress, quiz, choice),
                (Step::Exercise(exercise), None) => again(context, &workspace, &progress, exercise).await,
                (Step::Exercise(_), Some(_)) => Err(Failure::Usage(format!(
                    "review `{name}`: it is an exercise and has no choices; leave the number out"
                ))),
            }
        }
    }
}

fn switch(context: &Context, workspace: &Workspace, on: bool) -> Result<Exit, Failure> {
    context.update(workspace, |progress| progress.switch_reviews(on))?;
    let line = if on {
        Line::of(Role::Good, "Reviews are on.")
    } else {
        Line::of(Role::Good, "Reviews are off. ")
            .and(Role::Code, "tokiolings review --on")
            .and(Role::Plain, " turns them on again.")
    };
    context.print(&[line]);
    Ok(Exit::Success)
}

/// A step that can be reviewed.
fn solved<'c>(context: &'c Context, progress: &Progress, name: &str) -> Result<&'c Step, Failure> {
    let step = context.step(Some(name), progress)?;
    match progress.record(name).and_then(|record| record.mark) {
        Some(Mark::Solved) => Ok(step),
        _ => Err(Failure::Usage(format!("review `{name}`: you have not solved it yet"))),
    }
}

/// What is due, as a list of commands.
fn overview(progress: &Progress, reviews: &Reviews<'_>) -> Vec<Line> {
    if reviews.due.is_empty() {
        return nothing(progress, reviews);
    }
    let mut lines = vec![Line::from(format!("{}:", watch::due(reviews))), Line::blank()];
    lines.extend(reviews.due.iter().map(|step| {
        let kind = if step.as_exercise().is_some() { "exercise" } else { "question" };
        Line::of(Role::Code, format!("  tokiolings review {}", step.name()))
            .and(Role::Dim, format!("  {kind}"))
    }));
    lines
}

fn nothing(progress: &Progress, reviews: &Reviews<'_>) -> Vec<Line> {
    if !progress.reviews_are_on() {
        return vec![
            Line::from("Reviews are off. ")
                .and(Role::Code, "tokiolings review --on")
                .and(Role::Plain, " turns them on."),
        ];
    }
    let rest = match (reviews.more, reviews.next) {
        (0, None) => "Questions that you answer come back after a day.".to_owned(),
        (0, Some(next)) => format!("The next review is due in {}.", until(next, SystemTime::now())),
        (more, _) => {
            format!("You have done ten minutes today; {} can wait until tomorrow.", counted(more, "review"))
        }
    };
    vec![Line::of(Role::Good, "Nothing to review now. ").and(Role::Plain, rest)]
}

/// How long it is until then, in whole hours or days.
fn until(then: SystemTime, now: SystemTime) -> String {
    let hours = then.duration_since(now).map_or(0, |wait| wait.as_secs().div_ceil(3600));
    let count = |count: u64, unit| counted(usize::try_from(count).unwrap_or(usize::MAX), unit);
    if hours < 24 { count(hours.max(1), "hour") } else { count(hours.div_ceil(24), "day") }
}

/// In a terminal: one question after the other, until all are answered or the learner stops.
fn ask_all(context: &Context, workspace: &Workspace, mut progress: Progress) -> Result<Exit, Failure> {
    let reviews = progress.reviews(&context.workbook, SystemTime::now());
    if reviews.due.is_empty() {
        context.print(&nothing(&progress, &reviews));
        return Ok(Exit::Success);
    }
    context.print(&[Line::from(format!("{}.", watch::due(&reviews)))]);
    let mut typed = std::io::stdin().lock().lines();
    for quiz in reviews.due.iter().filter_map(|step| step.as_quiz()) {
        context.print(&[Line::blank()]);
        let Some(after) = ask(context, workspace, progress, quiz, &mut typed) else {
            return Ok(Exit::Success);
        };
        progress = after;
    }
    for exercise in reviews.due.iter().filter_map(|step| step.as_exercise()) {
        context.print(&[
            Line::blank(),
            Line::from("One exercise to solve again: ")
                .and(Role::Code, format!("tokiolings review {}", exercise.name)),
        ]);
    }
    Ok(Exit::Success)
}

/// Asks until the right choice is made. The first answer counts: after it the question is not due. `None`: the learner has stopped.
fn ask(
    context: &Context,
    workspace: &Workspace,
    mut progress: Progress,
    quiz: &Quiz,
    typed: &mut impl Iterator<Item = std::io::Result<String>>,
) -> Option<Progress> {
    let mut view = view(quiz, &progress);
    loop {
        context.print(&screen::quiz(&view, context.width()));
        if view.solved {
            context.print(&comes_back(context, &progress, quiz));
            return Some(progress);
        }
        context
            .print(&[Line::of(Role::Dim, format!("Your answer, 1 to {} (Enter stops):", view.order.len()))]);
        let choice = loop {
            let line = match typed.next() {
                Some(Ok(line)) if !line.trim().is_empty() => line,
                _ => return None,
            };
            let number = line.trim().parse::<usize>().ok();
            match number.and_then(|number| view.order.get(number.checked_sub(1)?)) {
                Some(&choice) => break choice,
                None => note(Some(&format!("a number from 1 to {}, or Enter to stop", view.order.len()))),
            }
        };
        progress = answer(context, workspace, &progress, quiz, choice);
        if choice == quiz.answer {
            view.solved = true;
        } else {
            view.wrong.push(choice);
        }
    }
}

/// The question as a review shows it: unanswered, with its choices in an order that changes from day to day. A number that was
/// read on the screen means the same choice when it is typed.
fn view<'q>(quiz: &'q Quiz, progress: &Progress) -> QuizView<'q> {
    let day = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() / 86_400);
    let order = quiz.order_for(&format!("{} {day}", progress.learner()));
    QuizView { quiz, order, wrong: Vec::new(), solved: false, ran: None }
}

/// Records an answer; `choice` is an index into the question's choices.
fn answer(
    context: &Context,
    workspace: &Workspace,
    progress: &Progress,
    quiz: &Quiz,
    choice: usize,
) -> Progress {
    let now = SystemTime::now();
    let kept = context.keep(workspace, progress, |progress| progress.review_answer(quiz, choice, now));
    tell_lost(kept.lost.as_ref());
    kept.progress
}

fn comes_back(context: &Context, progress: &Progress, quiz: &Quiz) -> Vec<Line> {
    let Some(step) = context.workbook.step(&quiz.name) else { return Vec::new() };
    let text = match progress.review_in(step) {
        Some(days) => {
            let days = usize::try_from(days).unwrap_or(usize::MAX);
            format!("This question comes back in {}.", counted(days, "day"))
        }
        None => "You know this one: it does not come back.".to_owned(),
    };
    vec![Line::blank(), Line::of(Role::Dim, text)]
}

/// Shows one question, or answers it.
fn one_question(
    context: &Context,
    workspace: &Workspace,
    progress: Progress,
    quiz: &Quiz,
    choice: Option<usize>,
) -> Result<Exit, Failure> {
    let mut view = view(quiz, &progress);
    let Some(number) = choice else {
        context.print(&screen::quiz(&view, context.width()));
        context.print(&[
            Line::blank(),
            Line::of(Role::Dim, "Answer with ")
                .and(Role::Code, format!("tokiolings review {} NUMBER", quiz.name)),
        ]);
        return Ok(Exit::Success);
    };
    let Some(&index) = number.checked_sub(1).and_then(|shown| view.order.get(shown)) else {
        return Err(Failure::Usage(format!(
            "review `{}`: choose a number from 1 to {}",
            quiz.name,
            view.order.len()
        )));
    };
    let after = answer(context, workspace, &progress, quiz, index);
    view.solved = index == quiz.answer;
    view.wrong.extend((!view.solved).then_some(index));
    context.print(&screen::quiz(&view, context.width()));
    context.print(&comes_back(context, &after, quiz));
    Ok(if view.solved { Exit::Success } else { Exit::NotSolved })
}

/// Starts an exercise again in a file of its own, or grades that file.
async fn again(
    context: &Context,
    workspace: &Workspace,
    progress: &Progress,
    exercise: &Arc<Exercise>,
) -> Result<Exit, Failure> {
    let path = workspace.path_of_review(exercise);
    let shown = path.strip_prefix(workspace.root()).unwrap_or(&path).to_path_buf();
    if workspace.start_review(exercise)? {
        context.print(&started(&shown, exercise));
        return Ok(Exit::NotSolved);
    }
    let preparing = Preparing::start();
    let verdict =
        context.grader()?.grade(exercise, &Source::Path(path), &|activity| preparing.on(&activity)).await;
    drop(preparing);
    context.print(&screen::verdict(&verdict, exercise, context.width()));
    if verdict.passed() {
        let kept = context.keep(workspace, progress, |progress| {
            progress.review_exercise(&exercise.name, SystemTime::now());
        });
        tell_lost(kept.lost.as_ref());
        if kept.lost.is_none() {
            let backup = workspace.end_review(exercise)?;
            let backup = backup.strip_prefix(workspace.root()).unwrap_or(&backup);
            context.print(&[
                Line::blank(),
                Line::of(Role::Good, "Solved again. ")
                    .and(Role::Plain, "Your text is kept in ")
                    .and(Role::Path, backup.display().to_string()),
            ]);
        }
        return Ok(Exit::Success);
    }
    Ok(Exit::of([&verdict]))
}

fn started(path: &Path, exercise: &Exercise) -> Vec<Line> {
    vec![
        Line::of(Role::Good, "Once more from the starter: ").and(Role::Path, path.display().to_string()),
        Line::of(Role::Plain, "Fix it there; your solved file stays as it is. Then run ")
            .and(Role::Code, format!("tokiolings review {}", exercise.name))
            .and(Role::Plain, " again."),
    ]
}
