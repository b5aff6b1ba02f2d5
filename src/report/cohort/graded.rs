//! A verdict, cut down to what a cohort's table tells: no output, no times, and a bounded length.

use std::borrow::Cow;

use super::model::{Graded, Said, Tested};
use crate::verdict::{Kind, Level, Status, Verdict};

/// So many diagnostics, and so many bytes of each text: a cohort of thousands must fit into memory, and into a page.
const DIAGNOSTICS: usize = 3;
const RENDERED: usize = 1_200;
const MESSAGE: usize = 600;

impl Graded {
    /// What the table tells of a verdict.
    ///
    /// What a program printed is left out: it may hold addresses and times, and would make each run another file.
    #[must_use]
    pub fn of(exercise: u32, hash: &str, verdict: &Verdict) -> Self {
        let told = verdict.kind == Kind::DoesNotCompile;
        let grave = |level: Level| level != Level::Note || verdict.diagnostics.len() < DIAGNOSTICS;
        let diagnostics = verdict.diagnostics.iter().filter(|said| told && grave(said.level));
        let ran = matches!(verdict.kind, Kind::Failed | Kind::Hung | Kind::Crashed);
        Self {
            exercise,
            hash: hash.to_owned(),
            kind: verdict.kind,
            diagnostics: diagnostics
                .take(DIAGNOSTICS)
                .map(|said| Said {
                    level: said.level,
                    code: said.code.clone(),
                    message: cut(&said.message, MESSAGE),
                    line: said.place.as_ref().map(|place| place.line),
                    rendered: cut(&anywhere(&said.rendered), RENDERED),
                    coach: said.coach.clone(),
                })
                .collect(),
            tests: verdict
                .tests
                .iter()
                .filter(|_| ran)
                .map(|test| Tested {
                    name: test.name.clone(),
                    status: test.status,
                    message: cut(&anywhere(repeatable(test.status, &test.message)), MESSAGE),
                    hang: test.hang.as_ref().map(|hang| hang.kind),
                })
                .collect(),
            problem: verdict.broken.as_ref().map(|broken| format!("{} ({})", broken.problem, broken.remedy)),
            review: verdict.review.clone(),
            seconds: ((verdict.seconds.compile + verdict.seconds.tests) * 1000.0).round() / 1000.0,
        }
    }

    /// The hidden test that decided, if one did: the first whose fate gave the verdict its name.
    #[must_use]
    pub fn decided_by(&self) -> Option<&Tested> {
        let wanted = self.kind.decided_by()?;
        self.tests.iter().find(|test| test.status == wanted)
    }

    /// The first line of why it does not pass; empty when it does.
    #[must_use]
    pub fn message(&self) -> &str {
        let text = match self.kind {
            Kind::Passed => "",
            Kind::Broken => self.problem.as_deref().unwrap_or_default(),
            Kind::DoesNotCompile => self.diagnostics.first().map_or("", |said| said.message.as_str()),
            Kind::Failed | Kind::Hung | Kind::Crashed => {
                self.decided_by().map_or("", |test| test.message.as_str())
            }
        };
        text.lines().next().unwrap_or_default()
    }

    /// Whether the same text would be judged the same again; a hang or a crash may have been the machine's doing.
    #[must_use]
    pub fn repeatable(&self) -> bool {
        matches!(self.kind, Kind::Passed | Kind::Failed | Kind::DoesNotCompile)
    }
}

/// A message without what differs from one run to the next: how much of its time a hanging test used.
fn repeatable(status: Status, message: &str) -> &str {
    let measured = if status == Status::Hung { message.find("\nStopped after ") } else { None };
    &message[..measured.unwrap_or(message.len())]
}

/// A text without what differs from one machine or process to the next: where the sources of crates lie, which the compiler
/// quotes, and the number of a thread, which Rust puts before a panic that the learner's program prints.
fn anywhere(text: &str) -> String {
    let mut same = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        same.push_str(&without_thread(&without_registry(line)));
    }
    same
}

/// `--> /home/ada/.cargo/registry/src/index.crates.io-0123/tokio-1.54.1/src/…` → `--> tokio-1.54.1/src/…`
fn without_registry(line: &str) -> Cow<'_, str> {
    let found = ARROWS.iter().find_map(|arrow| {
        let start = line.find(arrow)? + arrow.len();
        let (_, below) = line[start..].split_once("/registry/src/")?;
        let (_, file) = below.split_once('/')?;
        Some((start, file))
    });
    match found {
        Some((start, file)) => Cow::Owned(format!("{}{file}", &line[..start])),
        None => Cow::Borrowed(line),
    }
}

/// What stands before a path where the compiler names one.
const ARROWS: [&str; 2] = ["--> ", "::: "];

/// `thread 'main' (4711) panicked at …` → `thread 'main' panicked at …`
fn without_thread(line: &str) -> Cow<'_, str> {
    let found = line.split_once(" panicked at ").and_then(|(head, tail)| {
        let (thread, number) = head.strip_suffix(')')?.rsplit_once(" (")?;
        let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
        (is_number && thread.contains("thread '")).then_some((thread, tail))
    });
    match found {
        Some((thread, tail)) => Cow::Owned(format!("{thread} panicked at {tail}")),
        None => Cow::Borrowed(line),
    }
}

/// At most so many bytes of a text, cut at a character.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(most)])
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::verdict::{CompileEnd, Compiled, End, Evidence, Hang, HangKind, Run, judge};
    use crate::workbook::sample_exercise;

    #[test]
    fn no_machine_and_no_process_is_told_from_another() {
        for home in ["/home/a b/.cargo", "/tmp/x/cargo"] {
            let said = format!(
                "note: required by\n  --> {home}/registry/src/index.crates.io-0123/tokio-1.54.1/src/spawn.rs:174:4\n"
            );
            assert_eq!(anywhere(&said), "note: required by\n  --> tokio-1.54.1/src/spawn.rs:174:4\n");
        }
        for number in [1, 65_000] {
            let said = format!("1 of 2 lines.\nthread 'main' ({number}) panicked at src/x.rs:1:2:\nno");
            assert_eq!(anywhere(&said), "1 of 2 lines.\nthread 'main' panicked at src/x.rs:1:2:\nno");
        }
        for same in ["", "a (7) panicked at b", "  --> exercises/x.rs:1:2", "thread 'main' (x) panicked at y"]
        {
            assert_eq!(anywhere(same), same);
        }
    }

    fn hang(cpu_seconds: f64) -> Graded {
        let exercise = sample_exercise("e", &["first", "second"]);
        let compiled = Compiled { end: CompileEnd::Succeeded, diagnostics: Vec::new(), took: Duration::ZERO };
        let run = |test: &str, end| Run {
            test: test.to_owned(),
            report: None,
            end,
            stage: None,
            measured: false,
            closing: false,
            clock_held: false,
            cpu: None,
            memory: None,
            timeline: None,
            output: format!("took {cpu_seconds}"),
            took: Duration::from_secs(10),
        };
        let hang = Hang {
            kind: HangKind::Parked,
            stage: None,
            cpu_seconds,
            threads: 1,
            printing: false,
            proven: false,
        };
        let evidence = Evidence::Seen {
            submission: vec![compiled.clone()],
            review: None,
            hidden: Some(compiled),
            runs: vec![run("first", End::Exited(3)), run("second", End::Hung(Duration::from_secs(10), hang))],
            attempts: Vec::new(),
            testing: Duration::from_secs(10),
            total: Duration::from_secs(11),
        };
        Graded::of(4, "abc", &judge(&exercise, &evidence))
    }

    #[test]
    fn two_runs_of_the_same_hang_differ_in_nothing_but_their_seconds() {
        assert_eq!(hang(0.01), hang(0.02));
        let graded = hang(0.01);
        let decided = graded.decided_by().expect("a test decided");
        assert_eq!((decided.name.as_str(), decided.hang), ("second", Some(HangKind::Parked)));
        assert!(graded.message().starts_with("Hangs asleep"), "{}", graded.message());
        assert!(!graded.repeatable());
    }

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(cut("short", 5), "short");
        assert_eq!(cut("aéé", 2), "a…");
    }
}
