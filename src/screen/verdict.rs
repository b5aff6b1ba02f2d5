//! A verdict for people: first what came of it in one line, then why, then everything else.

use crate::verdict::{Diagnostic, HangKind, Kind, Level, Omission, Status, TestResult, Verdict, sanitize};
use crate::workbook::Exercise;

use super::diagnostic::{coach, diagnostic, place};
use super::line::{Line, Role};
use super::list::counted;
use super::markdown::inline;
use super::text::NO_BREAK;
use super::timeline::below_message;

/// Lines of captured output that are shown from its start, and from its end.
const OUTPUT_HEAD: usize = 12;
const OUTPUT_TAIL: usize = 8;

/// The whole verdict.
#[must_use]
pub fn verdict(verdict: &Verdict, exercise: &Exercise, width: usize) -> Vec<Line> {
    let mut lines = headline(verdict).wrap(width, 2);
    lines.extend(where_to_look(Some(verdict), exercise, width));
    lines.extend(reasons(verdict, exercise, width));
    lines
}

/// The file to edit, with the line of the first error if there is one.
pub(super) fn where_to_look(verdict: Option<&Verdict>, exercise: &Exercise, width: usize) -> Vec<Line> {
    let errors = verdict.iter().flat_map(|v| &v.diagnostics).filter(|d| d.level == Level::Error);
    let path = errors.filter_map(place).next().unwrap_or_else(|| exercise.path());
    // A name that is broken in two is no name: better at the slash before it.
    match path.rsplit_once('/').filter(|_| Line::from(path.as_str()).width() > width) {
        Some((folder, file)) => {
            let mut lines = Line::of(Role::Path, format!("{folder}/")).wrap(width, 2);
            lines.extend(Line::of(Role::Path, file).indent(2).wrap(width, 2));
            lines
        }
        None => Line::of(Role::Path, path).wrap(width, 2),
    }
}

/// Everything below the headline.
pub(super) fn reasons(verdict: &Verdict, exercise: &Exercise, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(broken) = &verdict.broken {
        lines.push(Line::blank());
        lines.extend(paragraphs(&broken.problem, Role::Plain, width, 0));
        lines.extend(paragraphs(&format!("→ {}", broken.remedy), Role::Title, width, 2));
        lines.push(Line::blank());
        lines.extend(Line::of(Role::Dim, "Your progress is unchanged.").wrap(width, 0));
    }
    // What does not compile has not been tested: the compiler's word comes first. Else the tests' does.
    if verdict.kind == Kind::DoesNotCompile {
        lines.extend(diagnosed(&verdict.diagnostics, width));
    } else {
        if !verdict.tests.is_empty() {
            lines.push(Line::blank());
            lines.extend(tests(verdict, exercise, width));
        }
        lines.extend(diagnosed(&verdict.diagnostics, width));
    }
    lines.extend(outputs(&verdict.tests, width));
    lines
}

/// What came of it, in one line.
#[must_use]
pub fn headline(verdict: &Verdict) -> Line {
    let total = verdict.tests.len();
    let with = |status: Status| verdict.tests.iter().filter(move |test| test.status == status);
    let tests = if total == 1 { "hidden test" } else { "hidden tests" };
    let line = match verdict.kind {
        Kind::Passed if total == 1 => {
            Line::of(Role::Good, "Solved!").and(Role::Plain, " Its hidden test passes.")
        }
        Kind::Passed if total == 2 => {
            Line::of(Role::Good, "Solved!").and(Role::Plain, " Both hidden tests pass.")
        }
        Kind::Passed => {
            Line::of(Role::Good, "Solved!").and(Role::Plain, format!(" All {total} hidden tests pass."))
        }
        Kind::DoesNotCompile => {
            let errors = verdict.diagnostics.iter().filter(|d| d.level == Level::Error).count();
            let count = if errors == 0 { ".".to_owned() } else { format!(": {}.", counted(errors, "error")) };
            Line::of(Role::Bad, "Does not compile yet").and(Role::Bad, count)
        }
        Kind::Failed => {
            let passed = with(Status::Passed).count();
            let pass = if passed == 1 { "passes" } else { "pass" };
            Line::of(Role::Bad, "Not yet: ").and(Role::Title, format!("{passed} of {total} {tests} {pass}."))
        }
        Kind::Hung => {
            let mut kinds = with(Status::Hung).filter_map(|test| test.hang.as_ref()).map(|hang| hang.kind);
            let lead = match kinds.next() {
                Some(HangKind::Parked) => "Hangs, asleep: ",
                Some(HangKind::Spinning) => "Hangs, busy: ",
                Some(HangKind::Unknown) | None => "Hangs: ",
            };
            stopped(lead, ("was ", "were "), "stopped at the time limit", with(Status::Hung))
        }
        Kind::Crashed => stopped("Crashes: ", ("", ""), "ended without a report", with(Status::Crashed)),
        Kind::Broken => {
            Line::of(Role::Warn, "Could not be graded.").and(Role::Plain, " This is not your fault.")
        }
    };
    // What was known already took no time, and "0.00 s" looks like a fault.
    if verdict.kind == Kind::Broken || verdict.seconds.total < 0.005 {
        return line;
    }
    line.and(Role::Dim, format!(" {:.2}{NO_BREAK}s", verdict.seconds.total))
}

/// `Hangs: this_test was stopped …` or `Hangs: this_test and 2 more were stopped …`; `verb` is for one and for several.
fn stopped<'a>(
    lead: &str,
    verb: (&str, &str),
    what: &str,
    tests: impl Iterator<Item = &'a TestResult>,
) -> Line {
    let names: Vec<&str> = tests.map(|test| test.name.as_str()).collect();
    let line = Line::of(Role::Bad, lead);
    match names.as_slice() {
        [] => line,
        [name] => line.and(Role::Code, name).and(Role::Title, format!(" {}{what}.", verb.0)),
        [name, rest @ ..] => {
            let text = format!(" and {} more {}{what}.", rest.len(), verb.1);
            line.and(Role::Code, name).and(Role::Title, text)
        }
    }
}

/// The compiler's messages, an empty line before each.
#[must_use]
pub fn diagnosed(diagnostics: &[Diagnostic], width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, one) in diagnostics.iter().enumerate() {
        // One mistake, for which the compiler has several reasons: the first one is enough to read.
        if diagnostics[..index].iter().any(|earlier| earlier.is_beside(one)) {
            continue;
        }
        lines.push(Line::blank());
        lines.extend(diagnostic(one, width));
        // What the coach has said above need not be said again.
        if !diagnostics[..index].iter().any(|earlier| earlier.coach == one.coach) {
            lines.extend(coach(one, width));
        }
        let others = diagnostics[index + 1..].iter().filter(|later| later.is_beside(one)).count();
        if others > 0 {
            let more = match (others, one.level) {
                (1, Level::Error) => "One more error points at the same place".to_owned(),
                (_, Level::Error) => format!("{others} more errors point at the same place"),
                (1, _) => "One more message points at the same place".to_owned(),
                _ => format!("{others} more messages point at the same place"),
            };
            let text = format!("{more}, for other reasons; `cargo check` shows all of them.");
            lines.push(Line::blank());
            lines.extend(inline(&text, Role::Dim).wrap(width, 0));
        }
    }
    lines
}

/// Those that did not pass first, with what they say; then the others, a line each.
fn tests(verdict: &Verdict, exercise: &Exercise, width: usize) -> Vec<Line> {
    let (passed, others): (Vec<_>, Vec<_>) =
        verdict.tests.iter().partition(|test| matches!(test.status, Status::Passed | Status::NotRun));
    // What several tests say is said once.
    let mut groups: Vec<(Vec<&TestResult>, Vec<Line>)> = Vec::new();
    for test in others {
        // A test that records is about order or concurrency, and there one look says more than the message.
        let picture =
            test.timeline.as_ref().map(|timeline| below_message(timeline, width)).unwrap_or_default();
        let same = |(group, drawn): &&mut (Vec<&TestResult>, Vec<Line>)| {
            let first = group[0];
            !test.message.is_empty()
                && first.message == test.message
                && first.status == test.status
                && *drawn == picture
        };
        match groups.iter_mut().find(same) {
            Some((group, _)) => group.push(test),
            None => groups.push((vec![test], picture)),
        }
    }
    let mut lines = Vec::new();
    for (place, (group, picture)) in groups.iter().enumerate() {
        // The same picture twice says nothing new.
        let drawn = groups[..place].iter().any(|(_, other)| other == picture);
        lines.extend(unpassed(group, if drawn { &[] } else { picture }, width));
    }
    for test in passed {
        let about = exercise.hidden.tests().iter().find(|hidden| hidden.name == test.name);
        let (sign, role) = match test.status {
            Status::Passed => ("✓", Role::Good),
            _ => ("–", Role::Dim),
        };
        let mut line = Line::of(role, format!("{sign}{NO_BREAK}")).and(Role::Plain, &test.name);
        if test.status == Status::NotRun {
            line = line.and(Role::Dim, " (not run)");
        } else if let Some(about) = about.and_then(|hidden| hidden.about.as_deref()) {
            line = line.and(Role::Dim, format!("  {about}"));
        }
        lines.extend(line.wrap(width, 4));
    }
    lines
}

/// Tests that say the same, with a picture of what they recorded.
fn unpassed(group: &[&TestResult], picture: &[Line], width: usize) -> Vec<Line> {
    let test = group[0];
    let status = match test.status {
        Status::Hung => " (hangs)",
        Status::Crashed => " (crashes)",
        _ => "",
    };
    let name = |test: &&TestResult| {
        let sign = Line::of(Role::Bad, format!("✗{NO_BREAK}"));
        sign.and(Role::Title, &test.name).and(Role::Dim, status).wrap(width, 4)
    };
    let mut lines: Vec<Line> = group.iter().flat_map(name).collect();
    let message = sanitize(&test.message);
    let mut text = message.trim_end().lines();
    if let Some(first) = text.next() {
        lines.extend(inline(first, Role::Plain).indent(2).wrap(width, 2));
    }
    // What a hang means stands below its first line, and is as much worth reading.
    let (role, indent) = if test.status == Status::Hung { (Role::Plain, 2) } else { (Role::Dim, 4) };
    for line in text {
        let line = line.replace('\t', "    ");
        let hanging = indent + 2 + line.len() - line.trim_start().len();
        lines.extend(Line::of(role, line).indent(indent).wrap(width, hanging));
    }
    lines.extend_from_slice(picture);
    lines.push(Line::blank());
    lines
}

/// What the tests that did not pass have printed; the same text is shown once.
fn outputs(tests: &[TestResult], width: usize) -> Vec<Line> {
    let mut printed: Vec<(Vec<&str>, String)> = Vec::new();
    for test in tests.iter().filter(|test| test.status != Status::Passed) {
        let output = sanitize(&test.output);
        if output.trim().is_empty() {
            continue;
        }
        match printed.iter_mut().find(|(_, text)| *text == output) {
            Some((names, _)) => names.push(&test.name),
            None => printed.push((vec![&test.name], output)),
        }
    }
    let mut lines = Vec::new();
    for (names, text) in printed {
        lines.push(Line::blank());
        let title = Line::of(Role::Title, "Printed by ").and(Role::Code, names.join(", "));
        lines.extend(title.and(Role::Title, ":").wrap(width, 2));
        lines.extend(head_and_tail(&text, width));
    }
    lines
}

fn head_and_tail(text: &str, width: usize) -> Vec<Line> {
    let all: Vec<&str> = text.trim_end().lines().collect();
    let shown = |line: &&str| Line::of(Role::Dim, line.trim_end()).indent(2).wrap(width, 2);
    if all.len() <= OUTPUT_HEAD + OUTPUT_TAIL + 1 {
        return all.iter().flat_map(shown).collect();
    }
    // The grader may have left out something already: that is counted here too, wherever it stands.
    let middle = &all[OUTPUT_HEAD..all.len() - OUTPUT_TAIL];
    let told: Vec<Omission> = middle.iter().filter_map(|line| Omission::read(line)).collect();
    let own = Omission::of_lines((middle.len() - told.len()) as u64);
    let missing = told.into_iter().fold(own, Omission::and);
    let mut lines: Vec<Line> = all[..OUTPUT_HEAD].iter().flat_map(shown).collect();
    lines.push(Line::of(Role::Warn, missing.to_line()).indent(2).cut(width));
    lines.extend(all[all.len() - OUTPUT_TAIL..].iter().flat_map(shown));
    lines
}

fn paragraphs(text: &str, role: Role, width: usize, hanging: usize) -> Vec<Line> {
    sanitize(text).lines().flat_map(|line| inline(line, role).wrap(width, hanging)).collect()
}
