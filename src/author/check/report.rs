//! What a check says: a line for each fault, a table, or JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::finding::{Finding, Rule};
use super::order::Times;
use super::subject::{Subject, Unreadable};
use super::times::Slowest;
use crate::screen::{Line, Role, counted};
use crate::verdict::Broken;

/// What came of a check.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Every fault, in the order of the files.
    pub findings: Vec<Finding>,
    /// Something that is not the exercises' fault kept it from its end: what, and the remedy.
    pub broken: Option<Broken>,
    rows: Vec<Row>,
    /// How many predictions were looked at.
    predictions: usize,
    times: Times,
}

/// One exercise.
#[derive(Debug, Clone, PartialEq)]
struct Row {
    name: String,
    chapter: String,
    right: usize,
    wrong: usize,
    unreadable: Unreadable,
    limit: Duration,
    /// `None` when it was not graded.
    slowest: Option<Slowest>,
}

/// The columns of the table: a title, and the rules whose faults it counts.
const COLUMNS: [(&str, &[Rule]); 9] = [
    ("starter", &[Rule::Starter]),
    ("solution", &[Rule::Solution]),
    ("right", &[Rule::Right]),
    ("wrong", &[Rule::Wrong]),
    ("tests", &[Rule::Tests]),
    ("hermetic", &[Rule::Hermetic]),
    ("hints", &[Rule::Hints]),
    ("style", &[Rule::Style]),
    ("text", &[Rule::Format, Rule::Todo, Rule::Links]),
];

/// Those that only a grading fills.
const GRADED: [&str; 6] = ["starter", "solution", "right", "wrong", "tests", "style"];

impl Report {
    pub(super) fn new(
        subjects: &[Subject],
        predictions: usize,
        findings: Vec<Finding>,
        slowest: &BTreeMap<String, Slowest>,
        broken: Option<Broken>,
        times: Times,
    ) -> Self {
        let row = |subject: &Subject| {
            let wrong = subject.answers.iter().filter(|answer| answer.expectation.is_some()).count();
            Row {
                name: subject.exercise.name.clone(),
                chapter: subject.exercise.chapter.clone(),
                right: subject.answers.len() - wrong,
                wrong,
                unreadable: subject.unreadable,
                limit: subject.exercise.limit,
                slowest: slowest.get(&subject.exercise.name).cloned(),
            }
        };
        Self { rows: subjects.iter().map(row).collect(), predictions, findings, broken, times }
    }

    /// Whether there is nothing to mend.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.broken.is_none()
    }

    /// For people: the faults, one a line, then a table of the exercises, then the sum.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let mut lines: Vec<Line> = self.findings.iter().map(fault).collect();
        if let Some(Broken { problem, remedy }) = &self.broken {
            lines.extend(problem.lines().map(|line| Line::of(Role::Warn, line)));
            lines.push(Line::of(Role::Plain, format!("To continue: {remedy}")));
        }
        if !lines.is_empty() {
            lines.push(Line::blank());
        }
        if !self.rows.is_empty() {
            lines.extend(self.table());
            lines.push(Line::blank());
        }
        lines.push(self.sum());
        lines
    }

    fn table(&self) -> Vec<Line> {
        let names = self.rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max("exercise".len());
        let mut head = Line::of(Role::Title, format!("{:names$}", "exercise"));
        for (title, _) in COLUMNS {
            head = head.and(Role::Title, format!("  {title}"));
        }
        head = head.and(Role::Title, "  slowest test");
        let mut lines = vec![head];
        lines.extend(self.rows.iter().map(|row| self.row(row, names)));
        lines
    }

    fn row(&self, row: &Row, names: usize) -> Line {
        let mut line = Line::of(Role::Plain, format!("{:names$}", row.name));
        for (title, rules) in COLUMNS {
            let (role, text) = self.cell(row, title, rules);
            let gap = title.len().saturating_sub(text.chars().count());
            line = line.and(Role::Plain, "  ").and(role, text).and(Role::Plain, " ".repeat(gap));
        }
        let slow = self.of(row, &[Rule::Time]) > 0;
        let time = match &row.slowest {
            Some(Slowest { seconds, .. }) => format!("{seconds:.3} of {} s", row.limit.as_secs_f64()),
            None => "–".to_owned(),
        };
        line.and(Role::Plain, "  ").and(if slow { Role::Bad } else { Role::Dim }, time)
    }

    fn cell(&self, row: &Row, title: &str, rules: &[Rule]) -> (Role, String) {
        let (unreadable, readable) = match title {
            "right" => (row.unreadable.right, Some(row.right)),
            "wrong" => (row.unreadable.wrong, Some(row.wrong)),
            _ => (0, None),
        };
        match (self.of(row, rules) + unreadable, readable.map(|readable| readable + unreadable)) {
            (0, _) if GRADED.contains(&title) && row.slowest.is_none() => (Role::Dim, "–".to_owned()),
            (0, None) => (Role::Good, "✓".to_owned()),
            (0, Some(answers)) => (Role::Good, format!("✓ {answers}")),
            (_, Some(0)) => (Role::Bad, "✗ 0".to_owned()),
            (faults, Some(answers)) => (Role::Bad, format!("✗ {faults}/{answers}")),
            (faults, None) => (Role::Bad, format!("✗ {faults}")),
        }
    }

    /// How many faults an exercise has under some rules.
    fn of(&self, row: &Row, rules: &[Rule]) -> usize {
        let about = |finding: &&Finding| {
            finding.exercise.as_deref() == Some(row.name.as_str()) && rules.contains(&finding.rule)
        };
        self.findings.iter().filter(about).count()
    }

    fn certified(&self, row: &Row) -> bool {
        row.slowest.is_some()
            && !self.findings.iter().any(|finding| finding.exercise.as_deref() == Some(&row.name))
    }

    fn sum(&self) -> Line {
        let certified = self.rows.iter().filter(|row| self.certified(row)).count();
        let (total, faults) = (self.rows.len(), self.findings.len());
        let exercises = if total == 1 { "exercise" } else { "exercises" };
        if self.is_clean() && certified == total {
            let Times { accepted, refused } = self.times;
            let refused = match refused {
                0 => String::new(),
                times => format!(", each wrong one refused {} for the same reason,", counted(times, "time")),
            };
            let predictions = match self.predictions {
                0 => String::new(),
                count => format!(
                    "{}, each run {} with one output, which is the right choice's.",
                    counted(count, "prediction"),
                    counted(accepted, "time")
                ),
            };
            if total == 0 && self.predictions > 0 {
                return Line::of(Role::Good, format!("Certified: {predictions}"));
            }
            let more = if predictions.is_empty() { String::new() } else { format!(" And {predictions}") };
            return Line::of(
                Role::Good,
                format!(
                    "Certified: {total} {exercises}, each right answer accepted {}{refused} with every core busy.{more}",
                    counted(accepted, "time")
                ),
            );
        }
        let plural = if faults == 1 { "fault" } else { "faults" };
        if total == 0 && self.predictions > 0 {
            return Line::of(Role::Bad, format!("{faults} {plural}."));
        }
        Line::of(Role::Bad, format!("{faults} {plural}; {certified} of {total} {exercises} certified."))
    }

    /// For programs: one object an exercise, one a line, then one for what belongs to no exercise, if there is any.
    #[must_use]
    pub fn json(&self) -> Vec<String> {
        let mut objects: Vec<Wire<'_>> = self.rows.iter().map(|row| self.wire(row)).collect();
        let faults: Vec<WireFault<'_>> =
            self.findings.iter().filter(|finding| finding.exercise.is_none()).map(WireFault::of).collect();
        if !faults.is_empty() || self.broken.is_some() {
            let broken = self.broken.as_ref();
            objects.push(Wire {
                schema: SCHEMA,
                exercise: None,
                chapter: None,
                certified: false,
                faults,
                answers: None,
                slowest: None,
                broken: broken.map(|Broken { problem, remedy }| WireBroken { problem, remedy }),
            });
        }
        let json =
            |object: &Wire<'_>| serde_json::to_string(object).expect("strings and numbers are valid JSON");
        objects.iter().map(json).collect()
    }

    fn wire<'a>(&'a self, row: &'a Row) -> Wire<'a> {
        let own = |finding: &&Finding| finding.exercise.as_deref() == Some(row.name.as_str());
        Wire {
            schema: SCHEMA,
            exercise: Some(&row.name),
            chapter: Some(&row.chapter),
            certified: self.certified(row),
            faults: self.findings.iter().filter(own).map(WireFault::of).collect(),
            answers: Some(WireAnswers {
                right: row.right,
                wrong: row.wrong,
                repeated: self.times.accepted,
                refused: self.times.refused,
            }),
            slowest: row.slowest.as_ref().map(|slowest| WireSlowest {
                test: &slowest.test,
                seconds: slowest.seconds,
                limit: row.limit.as_secs_f64(),
            }),
            broken: None,
        }
    }
}

fn fault(finding: &Finding) -> Line {
    let fault = &finding.fault;
    let place = match fault.line {
        Some(line) => format!("{}:{line}", fault.file),
        None => fault.file.clone(),
    };
    Line::of(Role::Path, place).and(Role::Plain, ": ").and(Role::Plain, &fault.problem)
}

const SCHEMA: &str = "tokiolings/author-check/v1";

#[derive(Debug, Serialize)]
struct Wire<'a> {
    schema: &'static str,
    exercise: Option<&'a str>,
    chapter: Option<&'a str>,
    certified: bool,
    faults: Vec<WireFault<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answers: Option<WireAnswers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slowest: Option<WireSlowest<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<WireBroken<'a>>,
}

#[derive(Debug, Serialize)]
struct WireFault<'a> {
    rule: &'static str,
    file: &'a str,
    line: Option<usize>,
    problem: &'a str,
}

impl<'a> WireFault<'a> {
    fn of(finding: &'a Finding) -> Self {
        let fault = &finding.fault;
        Self { rule: finding.rule.as_str(), file: &fault.file, line: fault.line, problem: &fault.problem }
    }
}

#[derive(Debug, Serialize)]
struct WireAnswers {
    right: usize,
    wrong: usize,
    /// How often the solution and each right answer were accepted, or should have been.
    repeated: usize,
    /// How often the starter and each wrong answer were refused under the same load, or should have been.
    refused: usize,
}

#[derive(Debug, Serialize)]
struct WireSlowest<'a> {
    test: &'a str,
    seconds: f64,
    limit: f64,
}

#[derive(Debug, Serialize)]
struct WireBroken<'a> {
    problem: &'a str,
    remedy: &'a str,
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::super::Plan;
    use super::*;
    use crate::author::new;

    const WRONG: &str = "tests/wrong/01_first_steps/breakfast";

    /// The column of wrong answers, of a new workbook that is changed like that and in which all that can be graded was.
    fn wrong(change: impl FnOnce(&Path)) -> (Role, String) {
        let folder = tempfile::tempdir().unwrap();
        new::workbook(folder.path()).unwrap();
        change(folder.path());
        let Plan { subjects, findings, .. } = Plan::read(folder.path(), &[]).unwrap();
        let slowest = Slowest { test: "t".to_owned(), seconds: 0.1 };
        let slowest = BTreeMap::from([("breakfast".to_owned(), slowest)]);
        let report = Report::new(&subjects, 0, findings, &slowest, None, Times::default());
        report.cell(&report.rows[0], "wrong", &[Rule::Wrong])
    }

    #[test]
    fn wrong_answers_that_nobody_can_read_do_not_look_good() {
        assert_eq!(wrong(|_| {}), (Role::Good, "✓ 2".to_owned()));
        let spoil =
            |root: &Path, name: &str| fs::write(root.join(WRONG).join(name), "fn main() {}\n").unwrap();
        assert_eq!(wrong(|root| spoil(root, "swapped.rs")), (Role::Bad, "✗ 1/2".to_owned()));
        let both = |root: &Path| ["swapped.rs", "toast_first.rs"].iter().for_each(|name| spoil(root, name));
        assert_eq!(wrong(both), (Role::Bad, "✗ 2/2".to_owned()));
        assert_eq!(
            wrong(|root| fs::remove_dir_all(root.join(WRONG)).unwrap()),
            (Role::Bad, "✗ 0".to_owned())
        );
    }
}
