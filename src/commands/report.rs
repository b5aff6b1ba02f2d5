//! `tokiolings report [DIR]`

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use super::apart;
use super::context::{Context, note};
use super::exit::{Exit, Failure};
use super::progress::Bar;
use crate::cli::{Report as Options, ReportFormat};
use crate::grader::{Draws, Grader, Source};
use crate::report::{self, Basis, ChapterName, Finding, Recorded, Report, Row, Submission, Totals};
use crate::screen::colour::{Colour, paint_all};
use crate::system::paths::real;
use crate::verdict::{sanitize, seconds};
use crate::workbook::{Exercise, Step};
use crate::workspace::{Progress, Workspace, hash_of, rfc3339};

pub(super) async fn run(context: &Context, options: &Options) -> Result<Exit, Failure> {
    let started = Instant::now();
    // First, so that nobody waits for gradings that could not be reported.
    let submission = match options.format {
        ReportFormat::Classroom50 => Some(submission()?),
        _ => None,
    };
    let subject = Subject::find(context, options.dir.as_deref())?;
    apart::check(context, std::slice::from_ref(&subject.root))?;
    context.tell_workbook();
    note(subject.made_for_another(context).as_deref());
    let progress = subject.progress(context, options.recorded)?;
    let exercises: Vec<Arc<Exercise>> = context.workbook.exercises().cloned().collect();
    let unchecked = Found { hash: None, finding: Finding::Unchecked };
    let (basis, found) = if options.recorded {
        (Basis::Recorded, vec![unchecked; exercises.len()])
    } else if options.confined {
        let grader = context.confined_grader(false, Draws::Kept).await?;
        (Basis::RegradedConfined, grade(&grader, &subject.root, &exercises).await)
    } else {
        (Basis::Regraded, grade(&context.grader()?, &subject.root, &exercises).await)
    };
    let rows = exercises.into_iter().zip(found).map(|(exercise, found)| Row {
        recorded: Recorded::of(&Step::Exercise(Arc::clone(&exercise)), progress.as_ref()),
        untouched: found.hash.as_ref() == Some(&hash_of(&exercise.starter)),
        of_this_text: report::speaks_of(
            progress.as_ref().and_then(|progress| progress.record(&exercise.name)),
            found.hash.as_deref(),
        ),
        finding: found.finding,
        exercise,
    });
    let chapters = context.workbook.chapters.iter();
    let report = Report {
        workbook: context.workbook.title.clone(),
        edition: context.edition().to_owned(),
        basis,
        at: rfc3339(SystemTime::now()),
        chapters: chapters.map(|it| ChapterName { id: it.id.clone(), title: it.title.clone() }).collect(),
        rows: rows.collect(),
        seconds: seconds(started.elapsed()),
    };
    put(context, options, &report, submission.as_ref())?;
    Ok(exit(options.format, report.totals()))
}

/// What is reported on.
struct Subject {
    root: PathBuf,
    /// `None` for a folder that was never set up: sources alone can be handed in.
    workspace: Option<Workspace>,
}

impl Subject {
    fn find(context: &Context, dir: Option<&Path>) -> Result<Self, Failure> {
        let Some(dir) = dir else {
            let workspace = context.workspace()?;
            return Ok(Self { root: workspace.root().to_path_buf(), workspace: Some(workspace) });
        };
        let wrong =
            |error: &dyn std::fmt::Display| Failure::Usage(format!("report on {}: {error}", dir.display()));
        let root = real(dir).map_err(|error| wrong(&error))?;
        let workspace = Workspace::find(&root).filter(|workspace| workspace.root() == root);
        if workspace.is_none() && !root.join("exercises").is_dir() {
            return Err(wrong(&"it is not a workspace, and has no folder exercises/"));
        }
        Ok(Self { root, workspace })
    }

    /// What a learner should hear whose workspace says that it is for a workbook that nobody has named. It is a text of theirs,
    /// and decides nothing: nobody can have another workbook grade by editing it, or get out of being graded.
    fn made_for_another(&self, context: &Context) -> Option<String> {
        let origin = self.workspace.as_ref()?.origin().ok()??;
        let place = origin.path.as_ref().map(|path| format!(", in {}", quoted(&path.display().to_string())));
        if context.place().is_some() || (place.is_none() && origin.title == context.workbook.title) {
            return None;
        }
        Some(format!(
            "the built-in workbook grades, but this workspace says that it was set up for \"{}\"{}; to grade with \
             that workbook, name it: `tokiolings --workbook DIR report`",
            quoted(&origin.title),
            place.unwrap_or_default()
        ))
    }

    /// What the progress file claims. A report from source does without a file that cannot be read: nobody gets out
    /// of being graded by damaging it.
    fn progress(&self, context: &Context, needed: bool) -> Result<Option<Progress>, Failure> {
        match (&self.workspace, needed) {
            (Some(workspace), true) => context.progress(workspace).map(Some),
            (Some(workspace), false) => Ok(match context.progress(workspace) {
                Ok(progress) => Some(progress),
                Err(failure) => {
                    note(Some(&format!("failed to {failure}; the report does not show what it claims")));
                    None
                }
            }),
            (None, true) => Err(Failure::Usage(format!(
                "report what is recorded: {} has no progress file",
                self.root.display()
            ))),
            (None, false) => Ok(None),
        }
    }
}

/// Words of somebody else's in a line of ours.
fn quoted(text: &str) -> String {
    const MOST: usize = 300;
    sanitize(text).replace('\n', " ").chars().take(MOST).collect()
}

/// What is known of an exercise's file.
#[derive(Clone)]
struct Found {
    /// That of its text, if there is one.
    hash: Option<String>,
    finding: Finding,
}

/// Grades every exercise below `root` that has a file.
async fn grade(grader: &Grader, root: &Path, exercises: &[Arc<Exercise>]) -> Vec<Found> {
    let mut found = vec![Found { hash: None, finding: Finding::Unchecked }; exercises.len()];
    let mut submissions = Vec::new();
    let mut places = Vec::new();
    for (place, exercise) in exercises.iter().enumerate() {
        match report::source_in(root, grader.workbook(), exercise) {
            Ok(source) => {
                found[place].hash = Some(hash_of(&source));
                submissions.push((Arc::clone(exercise), Source::Text(source)));
                places.push(place);
            }
            Err(why) => found[place].finding = Finding::NoSource(why),
        }
    }
    let bar = Bar::start("graded", submissions.len());
    let watch = |activity| bar.hear(&activity);
    grader
        .grade_all(&submissions, &watch, &mut |index, verdict| {
            bar.done(&verdict.exercise);
            found[places[index]].finding = Finding::Graded(Arc::new(verdict));
        })
        .await;
    found
}

fn submission() -> Result<Submission, Failure> {
    Submission::from_variables(|name| std::env::var(name).ok()).map_err(|faults| {
        Failure::Usage(format!(
            "read what Classroom 50 says about the submission: {}; its runner sets these variables",
            faults.join("; ")
        ))
    })
}

fn put(
    context: &Context,
    options: &Options,
    report: &Report,
    submission: Option<&Submission>,
) -> Result<(), Failure> {
    let bytes = match (options.format, submission) {
        (ReportFormat::Text, _) if options.output.is_none() => {
            context.print(&report::text(report, context.width()));
            return Ok(());
        }
        (ReportFormat::Text, _) => {
            paint_all(&report::text(report, context.width()), Colour::Off).into_bytes()
        }
        (ReportFormat::Json, _) => report::json(report),
        (ReportFormat::Csv, _) => report::csv(report),
        (ReportFormat::Junit, _) => report::junit(report),
        (ReportFormat::Gradescope, _) => report::gradescope(report),
        (ReportFormat::Exercism, _) => report::exercism(report),
        (ReportFormat::Classroom50, submission) => {
            let submission = submission.expect("it was read before the gradings");
            // The format has no room for it.
            note((report.basis == Basis::Recorded).then(|| report.basis.sentence()));
            report::classroom50(report, submission)
        }
    };
    match &options.output {
        Some(file) => {
            report::write(file, &bytes)
                .map_err(|error| Failure::Usage(format!("write {}: {error}", file.display())))?;
            note(Some(&format!("{} Written to {}", report.sentence(), file.display())));
        }
        None => context.print_raw(&String::from_utf8(bytes).expect("every format is made of text")),
    }
    Ok(())
}

/// Systems that start a grader take any code but 0 for its crash, and would not read the report; what could not be
/// graded is one.
fn exit(format: ReportFormat, totals: Totals) -> Exit {
    let for_a_grading_system =
        matches!(format, ReportFormat::Classroom50 | ReportFormat::Gradescope | ReportFormat::Exercism);
    if totals.ungraded > 0 {
        Exit::Broken
    } else if totals.solved == totals.exercises || for_a_grading_system {
        Exit::Success
    } else {
        Exit::NotSolved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grading_systems_get_0_whenever_everything_was_graded() {
        let totals = |solved, ungraded| Totals { exercises: 3, solved, ungraded, ..Totals::default() };
        for (format, lenient) in [
            (ReportFormat::Text, false),
            (ReportFormat::Json, false),
            (ReportFormat::Csv, false),
            (ReportFormat::Junit, false),
            (ReportFormat::Classroom50, true),
            (ReportFormat::Gradescope, true),
            (ReportFormat::Exercism, true),
        ] {
            let unsolved = if lenient { Exit::Success } else { Exit::NotSolved };
            assert_eq!(exit(format, totals(3, 0)), Exit::Success);
            assert_eq!(exit(format, totals(2, 0)), unsolved);
            assert_eq!(exit(format, totals(2, 1)), Exit::Broken);
        }
    }
}
