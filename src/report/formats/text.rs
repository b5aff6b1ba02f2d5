//! Text for people: every exercise by chapter, what is claimed but not confirmed first of all.

use crate::report::report::counts;
use crate::report::{Basis, Doubt, Report, Row, Standing, totals};
use crate::screen::{Line, Role, counted};
use crate::workspace::State;

/// Columns between a name and what is said about it.
const GAP: usize = 2;

/// The report as lines of at most `width` columns.
#[must_use]
pub fn text(report: &Report, width: usize) -> Vec<Line> {
    let sums = report.totals();
    let mut lines = Line::of(Role::Title, counts(sums)).wrap(width, 0);
    let role = if report.basis == Basis::Recorded { Role::Warn } else { Role::Dim };
    lines.extend(Line::of(role, report.basis.sentence()).wrap(width, 0));
    for doubt in Doubt::ALL {
        let (what, role) = match doubt {
            Doubt::ThisText => ("Claimed as solved, not confirmed", Role::Bad),
            Doubt::Changed => ("Claimed as solved with a different text, changed since", Role::Warn),
            Doubt::PutBack => ("Claimed as solved with a different text, the starter is back", Role::Warn),
        };
        lines.extend(named(report, |row| row.doubt() == Some(doubt), what, role, width));
    }
    let ungraded = |row: &Row| row.standing() == Standing::Ungraded;
    lines.extend(named(report, ungraded, "Could not be graded", Role::Warn, width));
    if let Some(broken) = report.rows.iter().find_map(|row| row.verdict()?.broken.as_ref()) {
        lines.extend(Line::of(Role::Plain, &broken.problem).indent(2).wrap(width, 2));
        lines.extend(Line::of(Role::Plain, &broken.remedy).indent(2).wrap(width, 2));
    }
    let names =
        report.rows.iter().map(|row| Line::from(row.exercise.name.as_str()).width()).max().unwrap_or(0);
    let names = names.min(width / 2);
    for chapter in &report.chapters {
        let rows: Vec<&Row> = report.of_chapter(&chapter.id).collect();
        if rows.is_empty() {
            continue;
        }
        let sums = totals(rows.iter().copied());
        let tally = Line::of(Role::Dim, format!("{}/{}", sums.solved, sums.exercises));
        lines.push(Line::blank());
        lines.push(Line::of(Role::Title, &chapter.title).flush_right(tally, width.min(names + 40)));
        lines.extend(rows.iter().flat_map(|row| of_row(report.basis, row, names, width)));
    }
    lines
}

fn named(report: &Report, belongs: impl Fn(&Row) -> bool, what: &str, role: Role, width: usize) -> Vec<Line> {
    let names: Vec<&str> =
        report.rows.iter().filter(|row| belongs(row)).map(|row| row.exercise.name.as_str()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    Line::of(role, format!("{what} ({}): ", names.len())).and(Role::Plain, names.join(", ")).wrap(width, 2)
}

fn of_row(basis: Basis, row: &Row, names: usize, width: usize) -> Vec<Line> {
    let (sign, role) = match row.standing() {
        Standing::Solved => ("✓", Role::Good),
        Standing::Refuted => ("!", Role::Bad),
        Standing::Ungraded => ("?", Role::Warn),
        Standing::NotSolved => ("·", Role::Dim),
    };
    let name = Line::of(role, format!("  {sign} ")).and(Role::Plain, &row.exercise.name);
    let remarks = remarks(basis, row);
    let mut lines = Vec::new();
    if remarks.is_empty() {
        lines.push(name.cut(width));
    } else {
        let gap = (names + 4).saturating_sub(name.width()) + GAP;
        lines.push(name.and(Role::Plain, " ".repeat(gap)).and(Role::Dim, remarks.join(" · ")).cut(width));
    }
    // Nobody asks why a starter does not pass; of a file that was worked on, one line is enough to know what to ask.
    let asks_why = match row.standing() {
        Standing::Refuted => row.doubt() != Some(Doubt::PutBack),
        Standing::NotSolved => !row.untouched,
        Standing::Solved | Standing::Ungraded => false,
    };
    if let Some(reason) = row.reason()
        && asks_why
    {
        lines.push(Line::of(Role::Dim, reason).indent(6).cut(width));
    }
    lines
}

fn remarks(basis: Basis, row: &Row) -> Vec<String> {
    let recorded = &row.recorded;
    let mut remarks = Vec::new();
    match (row.standing(), recorded.state) {
        (Standing::Refuted, _) => remarks.extend(row.doubt().map(|doubt| doubt.words().to_owned())),
        (Standing::Ungraded, _) => remarks.push("not graded".to_owned()),
        (Standing::NotSolved, State::Stale) => remarks.push("was solved with older tests".to_owned()),
        (Standing::NotSolved, State::Skipped) => remarks.push("skipped".to_owned()),
        // Solved in a clone whose progress file was not handed in, or by someone who has not run it since.
        (Standing::Solved, State::Pending | State::Skipped) => remarks.push("not recorded".to_owned()),
        _ => {}
    }
    if row.exercise.points != 1 {
        remarks.push(counted(row.exercise.points as usize, "point"));
    }
    if !row.exercise.core {
        remarks.push("extra".to_owned());
    }
    if recorded.attempts > 0 {
        remarks.push(counted(recorded.attempts as usize, "attempt"));
    }
    if recorded.hints > 0 {
        remarks.push(counted(recorded.hints as usize, "hint"));
    }
    if recorded.gave_up {
        remarks.push("saw the solution".to_owned());
    }
    if let (Basis::Recorded, Some(solved_at)) = (basis, &recorded.solved_at) {
        remarks.push(solved_at.clone());
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn shown(basis: Basis, width: usize) -> String {
        let lines = text(&sample::report_of(basis), width);
        let wide: Vec<&Line> = lines.iter().filter(|line| line.width() > width).collect();
        assert!(wide.is_empty(), "{wide:?}");
        lines.iter().map(|line| line.text() + "\n").collect()
    }

    #[test]
    fn the_report_fits_every_width() {
        for width in [40, 80, 120] {
            insta::assert_snapshot!(format!("regraded_{width}"), shown(Basis::Regraded, width));
        }
    }

    #[test]
    fn a_recorded_report_says_so_first() {
        insta::assert_snapshot!("recorded_80", shown(Basis::Recorded, 80));
    }
}
