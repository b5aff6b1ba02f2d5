//! A cohort in a terminal: how far it is, what changed, where it is stuck, who needs help first.

use super::model::{Cohort, Standing};
use super::since::Since;
use super::{help, trouble};
use crate::screen::{Line, Role, counted};
use crate::verdict::sanitize;

/// So many of each list; the files hold all of them.
const SHOWN: usize = 10;

/// The lines to print; with `since`, what changed since a former run, too.
#[must_use]
pub fn summary(cohort: &Cohort, since: Option<&Since>, width: usize) -> Vec<Line> {
    let mut lines = Line::of(Role::Title, sanitize(&cohort.title)).wrap(width, 0);
    lines.extend(sum(cohort).wrap(width, 2));
    if let Some(since) = since {
        lines.extend(changes(cohort, since, width));
    }
    let troubles = trouble(cohort);
    if !troubles.is_empty() {
        lines.extend([Line::blank(), Line::of(Role::Title, "Where the cohort is stuck")]);
        for trouble in troubles.iter().take(SHOWN) {
            let line = Line::of(Role::Code, &cohort.exercises[trouble.exercise].name)
                .and(Role::Plain, format!(": {} stuck, {} passed", trouble.stuck, trouble.passed))
                .and(Role::Dim, format!(" — {}", told(&trouble.ways)));
            let causes = if trouble.causes.is_empty() {
                String::new()
            } else {
                format!("; {}", told(&trouble.causes))
            };
            lines.extend(line.and(Role::Dim, causes).indent(2).wrap(width, 4));
        }
        lines.extend(more(troubles.len()));
    }
    let helps = help(cohort);
    if !helps.is_empty() {
        lines.extend([Line::blank(), Line::of(Role::Title, "Who needs help first")]);
        for help in helps.iter().take(SHOWN) {
            let reasons: Vec<String> =
                help.reasons.iter().map(|reason| sanitize(&reason.to_string())).collect();
            let line = Line::of(Role::Plain, sanitize(&cohort.learners[help.learner].name))
                .and(Role::Plain, ": ")
                .and(Role::Warn, reasons.join("; "));
            lines.extend(line.indent(2).wrap(width, 4));
        }
        lines.extend(more(helps.len()));
    }
    lines
}

fn changes(cohort: &Cohort, since: &Since, width: usize) -> Vec<Line> {
    let title = format!("Since the run of {}", sanitize(since.day()));
    let mut lines = vec![Line::blank(), Line::of(Role::Title, title)];
    lines.extend(Line::of(Role::Plain, since.totals()).indent(2).wrap(width, 4));
    if since.other_workbook {
        let note = "The workbook was different then: exercises are matched by name, and different tests may have \
                    decided.";
        lines.extend(Line::of(Role::Warn, note).indent(2).wrap(width, 4));
    }
    for change in since.changes.iter().take(SHOWN) {
        let line = Line::of(Role::Plain, sanitize(&cohort.learners[change.learner].name))
            .and(Role::Plain, ": ")
            .and(Role::Plain, change.words(cohort, false).join("; "));
        lines.extend(line.indent(2).wrap(width, 4));
    }
    lines.extend(more(since.changes.len()));
    lines
}

fn sum(cohort: &Cohort) -> Line {
    if cohort.exercises.is_empty() {
        let learners = counted(cohort.learners.len(), "learner");
        let none = format!("{learners}. This workbook has no exercises, so there is nothing to grade.");
        return Line::of(Role::Plain, none);
    }
    let all =
        |standing| -> usize { cohort.learners.iter().map(|learner| cohort.count(learner, standing)).sum() };
    let passed = all(Standing::Passed);
    let cells: usize =
        cohort.learners.iter().filter_map(|learner| learner.cells.as_ref().ok()).map(Vec::len).sum();
    let percent = (100 * passed).checked_div(cells).unwrap_or(0);
    let line = Line::of(
        Role::Plain,
        format!(
            "{}, {}: ",
            counted(cohort.learners.len(), "learner"),
            counted(cohort.exercises.len(), "exercise")
        ),
    )
    .and(Role::Good, format!("{passed} of {cells} solved ({percent} %)"))
    .and(Role::Plain, format!("; {}.", counted(cohort.submissions.len(), "distinct submission")));
    match all(Standing::Broken) {
        0 => line,
        broken => line
            .and(Role::Bad, format!(" {broken} could not be graded: something is missing on the machine.")),
    }
}

/// `3 two, 1 one`.
fn told(counts: &[(String, usize)]) -> String {
    let words: Vec<String> =
        counts.iter().take(3).map(|(word, count)| format!("{count} × {}", sanitize(word))).collect();
    words.join(", ")
}

fn more(count: usize) -> Option<Line> {
    let rest = count.checked_sub(SHOWN).filter(|rest| *rest > 0)?;
    Some(Line::of(Role::Dim, format!("and {rest} more: see --html, --csv or --json")).indent(2))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_summary_says_what_to_do_next() {
        let text: Vec<String> = summary(&sample::cohort(), None, 80).iter().map(Line::text).collect();
        insta::assert_snapshot!(text.join("\n"));
    }

    #[test]
    fn a_summary_says_what_changed_since_a_former_run() {
        let cohort = sample::cohort();
        let former = Cohort { workbook: "4567".to_owned(), ..sample::former() };
        let since = super::super::since(&cohort, &former).unwrap();
        let text: Vec<String> = summary(&cohort, Some(&since), 80).iter().map(Line::text).collect();
        insta::assert_snapshot!(text.join("\n"));
    }

    #[test]
    fn one_is_not_many_and_none_is_said() {
        let mut cohort = sample::cohort();
        cohort.learners.truncate(1);
        cohort.submissions.truncate(1);
        cohort.exercises.truncate(1);
        cohort.learners[0].cells.as_mut().unwrap().truncate(1);
        let said = sum(&cohort).text();
        assert!(said.starts_with("1 learner, 1 exercise: "), "{said}");
        assert!(said.ends_with("; 1 distinct submission."), "{said}");
        cohort.exercises.clear();
        let said = sum(&cohort).text();
        assert_eq!(said, "1 learner. This workbook has no exercises, so there is nothing to grade.");
    }
}
