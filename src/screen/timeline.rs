//! What a hidden test recorded, drawn: time runs to the right, each task has a row.

mod layout;
mod trace;

use crate::verdict::{Status, TestResult, Timeline, Verdict};

use super::line::{Line, Role};
use super::list::counted;
use layout::{Layout, Place};
use trace::{Glyph, Trace};

/// Wider than this, gaps in time only push the marks apart.
const WIDEST: usize = 120;
/// Columns of a lane's name.
const NAME: usize = 18;
/// Lanes below a failed test's message; the page shows all.
const FEW: usize = 8;

/// Whether there is anything to draw.
#[must_use]
pub fn has_timeline(verdict: &Verdict) -> bool {
    verdict.tests.iter().any(|test| test.timeline.is_some())
}

/// Every recording of a verdict, those of tests that did not pass first.
#[must_use]
pub fn timelines(verdict: &Verdict, width: usize) -> Vec<Line> {
    let mut lines = Line::of(Role::Title, "See it run").wrap(width, 0);
    let about = "Each row is one future, from its first poll to its end. Time runs from left to right. It is \
                 virtual: only waiting uses any. Events at the same time are drawn next to each other, in their \
                 order.";
    lines.extend(Line::of(Role::Dim, about).wrap(width, 0));
    for (tests, timeline) in recorded(verdict) {
        lines.push(Line::blank());
        lines.extend(tests.into_iter().map(|test| title(test).cut(width)));
        lines.extend(drawing(timeline, timeline.lanes().len(), width));
    }
    if !has_timeline(verdict) {
        lines.push(Line::blank());
        let none = "This run recorded nothing.";
        lines.extend(Line::of(Role::Plain, none).wrap(width, 0));
    }
    lines
}

/// Each recording once, with the tests that made it.
fn recorded(verdict: &Verdict) -> Vec<(Vec<&TestResult>, &Timeline)> {
    let (passed, others): (Vec<_>, Vec<_>) =
        verdict.tests.iter().partition(|test| test.status == Status::Passed);
    let mut found: Vec<(Vec<&TestResult>, &Timeline)> = Vec::new();
    for test in others.into_iter().chain(passed) {
        let Some(timeline) = &test.timeline else { continue };
        match found.iter_mut().find(|(_, known)| *known == timeline) {
            Some((tests, _)) => tests.push(test),
            None => found.push((vec![test], timeline)),
        }
    }
    found
}

fn title(test: &TestResult) -> Line {
    let (sign, role) = if test.status == Status::Passed { ("✓ ", Role::Good) } else { ("✗ ", Role::Bad) };
    Line::of(role, sign).and(Role::Title, &test.name)
}

/// The recording below the message of a test that did not pass.
pub(super) fn below_message(timeline: &Timeline, width: usize) -> Vec<Line> {
    let indent = 2;
    let width = width.saturating_sub(indent);
    let mut lines = vec![Line::blank()];
    lines.extend(Line::of(Role::Dim, "What ran when, in virtual time:").wrap(width, 0));
    lines.extend(drawing(timeline, FEW, width));
    lines.into_iter().map(|line| line.indent(indent)).collect()
}

/// Axis, lanes, and what the signs mean.
fn drawing(timeline: &Timeline, most: usize, width: usize) -> Vec<Line> {
    let trace = Trace::of(timeline);
    let shown = trace.lanes.len().min(most);
    let name = |lane: &str| Line::from(lane).cut(NAME.min(width / 4));
    let names: Vec<Line> = trace.lanes[..shown].iter().map(|lane| name(&lane.name)).collect();
    let unit = layout::unit(&trace);
    let label = names.iter().map(Line::width).chain([unit.len()]).max().unwrap_or(0) + 2;
    let polls = counts(&trace, shown);
    let room = width.saturating_sub(label + polls.iter().map(String::len).max().unwrap_or(0) + 2);
    let layout = Layout::of(&trace, room.min(WIDEST));

    let axis = padded(Line::of(Role::Dim, unit), label).and(Role::Dim, layout.axis(&trace));
    let mut lines = vec![axis.cut(width)];
    let mut seen = Vec::new();
    for ((lane, name), polls) in names.into_iter().enumerate().zip(polls) {
        let glyphs = glyphs(&trace, &layout, lane);
        let row = padded(name, label);
        let row = if trace.lanes[lane].polls == 0 && glyphs.iter().all(|glyph| *glyph == Glyph::Nothing) {
            // What came after the end of a recording, nobody knows.
            row.and(Role::Dim, if timeline.stopped() { "not polled until then" } else { "never polled" })
        } else {
            glyphs.iter().fold(row, |row, glyph| row.and(glyph.role(), glyph.sign().to_string()))
        };
        let row = if polls.is_empty() { row } else { padded(row, label + layout.width() + 2) };
        lines.push(row.and(Role::Dim, polls).cut(width));
        seen.extend(glyphs);
    }
    if shown < trace.lanes.len() {
        let more = counted(trace.lanes.len() - shown, "more lane");
        lines.push(Line::of(Role::Dim, format!("… {more}")).cut(width));
    }
    lines.extend(legend(&trace.marks, &seen, width));
    if let Some(events) = layout.shared() {
        let text = format!("There is too much for this width: up to {events} events share a column.");
        lines.extend(Line::of(Role::Dim, text).wrap(width, 0));
    }
    if timeline.stopped() {
        let text = format!("The recording stopped after {} events.", timeline.moments().len());
        lines.extend(Line::of(Role::Dim, text).wrap(width, 0));
    }
    lines
}

/// How often each lane was polled, to stand at the right edge.
fn counts(trace: &Trace, shown: usize) -> Vec<String> {
    let count = |polls| if polls == 0 { String::new() } else { counted(polls, "poll") };
    trace.lanes[..shown].iter().map(|lane| count(lane.polls)).collect()
}

fn padded(line: Line, width: usize) -> Line {
    let gap = width.saturating_sub(line.width());
    line.and(Role::Plain, " ".repeat(gap))
}

/// One for each column.
fn glyphs(trace: &Trace, layout: &Layout, lane: usize) -> Vec<Glyph> {
    let glyph = |place: &Place| match place {
        Place::Slots(slots) => {
            let glyphs = slots.clone().map(|slot| trace.slots[slot].cells[lane]);
            glyphs.max_by_key(|glyph| glyph.weight()).unwrap_or(Glyph::Nothing)
        }
        Place::Gap { before } => trace.slots[*before].before[lane],
        Place::End => trace.end[lane],
    };
    layout.columns().iter().map(glyph).collect()
}

/// What the signs mean that were drawn, then the marks.
fn legend(marks: &[String], seen: &[Glyph], width: usize) -> Vec<Line> {
    let signs = Glyph::EXPLAINED.iter().map(|(glyph, meaning)| (*glyph, *meaning));
    let marks = marks.iter().enumerate().map(|(number, text)| (Glyph::Mark(number), text.as_str()));
    let mut lines = Vec::new();
    let mut line = Line::blank();
    for (glyph, meaning) in signs.chain(marks).filter(|(glyph, _)| seen.contains(glyph)) {
        let entry =
            Line::of(glyph.role(), glyph.sign().to_string()).and(Role::Dim, format!(" {meaning}")).cut(width);
        if line.width() > 0 && line.width() + 3 + entry.width() > width {
            lines.push(std::mem::take(&mut line));
        }
        let gap = if line.width() > 0 { "   " } else { "" };
        line = line.and(Role::Plain, gap).join(entry);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests;
