//! One exercise of a report: what is claimed, what was found, and what follows.

use std::sync::Arc;

use crate::verdict::{Kind, Level, Status, Verdict};
use crate::workbook::{Exercise, Step};
use crate::workspace::{Mark, Progress, Record, State};

/// One exercise of one learner.
#[derive(Debug, Clone)]
pub struct Row {
    /// The exercise; its points are [`Exercise::points`].
    pub exercise: Arc<Exercise>,
    /// Whether its file is the starter, to the byte.
    pub untouched: bool,
    /// Whether what the progress file says is said of the text that is there now; see [`speaks_of`].
    pub of_this_text: bool,
    /// What the progress file says.
    pub recorded: Recorded,
    /// What grading from source says.
    pub finding: Finding,
}

/// What a progress file says about an exercise. Its learner can edit it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Where it stands.
    pub state: State,
    /// When it was first solved: RFC 3339, UTC. `None` as well where the file says something else than a time.
    pub solved_at: Option<String>,
    /// Gradings that counted.
    pub attempts: u32,
    /// Hints taken.
    pub hints: u32,
    /// Whether the solution was shown before it was solved.
    pub gave_up: bool,
}

/// What grading from source says about an exercise.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// Nothing: it was not asked.
    Unchecked,
    /// There is no file to grade: why.
    NoSource(String),
    /// This. Shared, because many learners hand in the same text.
    Graded(Arc<Verdict>),
}

/// Where an exercise stands, all considered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Its hidden tests passed; in a report that graded nothing: the progress file says so.
    Solved,
    /// The progress file says solved, and grading from source says otherwise.
    Refuted,
    /// Not solved.
    NotSolved,
    /// The machine could not grade it; nothing is known.
    Ungraded,
}

/// What becomes of a claim that grading does not confirm: not everybody who makes one has made it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// It is made of the very text that is there, of none, or there is no text.
    ThisText,
    /// It is made of another text: the file was changed since.
    Changed,
    /// It is made of another text, and the starter is back: to practise once more, as `reset` does it.
    PutBack,
}

impl Doubt {
    /// All of them, the gravest first.
    pub const ALL: [Self; 3] = [Self::ThisText, Self::Changed, Self::PutBack];

    /// Of a claim that grading does not confirm.
    #[must_use]
    pub(crate) fn of(there_is_a_text: bool, of_this_text: bool, untouched: bool) -> Self {
        match (there_is_a_text && !of_this_text, untouched) {
            (false, _) => Self::ThisText,
            (true, false) => Self::Changed,
            (true, true) => Self::PutBack,
        }
    }

    /// Its name in JSON and CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ThisText => "this_text",
            Self::Changed => "changed",
            Self::PutBack => "put_back",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::ThisText => "claimed, not confirmed",
            Self::Changed => "claimed for a different text, changed since",
            Self::PutBack => "claimed for a different text, the starter is back",
        }
    }
}

impl Standing {
    /// Its name in JSON and CSV.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Solved => "solved",
            Self::Refuted => "refuted",
            Self::NotSolved => "not_solved",
            Self::Ungraded => "ungraded",
        }
    }
}

/// The longest [`Recorded::solved_at`]: with nanoseconds and an offset.
const LONGEST_TIME: usize = 40;

impl Recorded {
    /// What `progress` says about a step; without progress, nothing.
    #[must_use]
    pub fn of(step: &Step, progress: Option<&Progress>) -> Self {
        let record = progress.and_then(|progress| progress.record(step.name()));
        let state = match progress.map_or(State::Pending, |progress| progress.state(step)) {
            // The program always names the tests that were passed, so this was written by somebody else: no excuse.
            State::Stale if !record.is_some_and(|record| is_hash(record.hidden.as_deref())) => State::Solved,
            state => state,
        };
        Self {
            state,
            solved_at: record.and_then(|record| record.solved_at.clone()).filter(|text| is_time(text)),
            attempts: record.map_or(0, |record| record.attempts),
            hints: record.map_or(0, |record| record.hints),
            gave_up: record.is_some_and(|record| record.gave_up),
        }
    }
}

/// Whether a claim to be solved is one of the text with this hash. A claim that names no text, as the program never makes one,
/// is made of whatever is there.
#[must_use]
pub fn speaks_of(record: Option<&Record>, hash: Option<&str>) -> bool {
    let Some((record, hash)) = record.zip(hash) else { return false };
    let source = record.source.as_deref();
    source == Some(hash) || (record.mark == Some(Mark::Solved) && !is_hash(source))
}

/// Whether this is a BLAKE3 hash as progress files hold it.
fn is_hash(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.len() == 64 && text.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Whether a text of the learner's file can be a time, and nothing else.
fn is_time(text: &str) -> bool {
    text.len() <= LONGEST_TIME
        && text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || "-:.TZ+".contains(c))
}

impl Row {
    /// Where it stands.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let claimed = self.recorded.state == State::Solved;
        match &self.finding {
            Finding::Unchecked if claimed => Standing::Solved,
            Finding::Graded(verdict) if verdict.passed() => Standing::Solved,
            Finding::Graded(verdict) if verdict.kind == Kind::Broken => Standing::Ungraded,
            Finding::Graded(_) | Finding::NoSource(_) if claimed => Standing::Refuted,
            Finding::Unchecked | Finding::Graded(_) | Finding::NoSource(_) => Standing::NotSolved,
        }
    }

    /// What to think of its claim; `None` unless it is [`Standing::Refuted`].
    #[must_use]
    pub fn doubt(&self) -> Option<Doubt> {
        let there_is_a_text = matches!(self.finding, Finding::Graded(_));
        (self.standing() == Standing::Refuted)
            .then(|| Doubt::of(there_is_a_text, self.of_this_text, self.untouched))
    }

    /// What it is worth: all of the exercise's points, or none.
    #[must_use]
    pub fn score(&self) -> u32 {
        if self.standing() == Standing::Solved { self.exercise.points } else { 0 }
    }

    /// The verdict, if it was graded.
    #[must_use]
    pub fn verdict(&self) -> Option<&Verdict> {
        match &self.finding {
            Finding::Graded(verdict) => Some(verdict),
            Finding::Unchecked | Finding::NoSource(_) => None,
        }
    }

    /// What was found, as a word: a verdict of the JSON format, `no_source`, or `unchecked`.
    #[must_use]
    pub fn found(&self) -> &'static str {
        match &self.finding {
            Finding::Unchecked => "unchecked",
            Finding::NoSource(_) => "no_source",
            Finding::Graded(verdict) => verdict.kind.as_str(),
        }
    }

    /// Why it is not solved, in one line; `None` when it is, or when nothing was graded.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match &self.finding {
            Finding::Unchecked => None,
            Finding::NoSource(why) => Some(why.clone()),
            Finding::Graded(verdict) => reason(verdict),
        }
    }
}

/// The first thing that a verdict holds against a submission, in one line.
fn reason(verdict: &Verdict) -> Option<String> {
    match verdict.kind {
        Kind::Passed => None,
        Kind::Broken => {
            Some(verdict.broken.as_ref().map_or("", |broken| first_line(&broken.problem)).to_owned())
        }
        Kind::DoesNotCompile => {
            let Some(error) = verdict.diagnostics.iter().find(|found| found.level == Level::Error) else {
                // A lint that the exercise denies.
                return Some(
                    verdict
                        .diagnostics
                        .first()
                        .map_or("it does not compile", |it| first_line(&it.message))
                        .to_owned(),
                );
            };
            let code = error.code.as_ref().map(|code| format!("{code}: ")).unwrap_or_default();
            let line =
                error.place.as_ref().map(|place| format!(" (line {})", place.line)).unwrap_or_default();
            Some(format!("{code}{}{line}", first_line(&error.message)))
        }
        Kind::Failed | Kind::Hung | Kind::Crashed => {
            let worst = verdict.kind.decided_by();
            let test = verdict
                .tests
                .iter()
                .find(|test| Some(test.status) == worst)
                .or_else(|| verdict.tests.iter().find(|test| test.status != Status::Passed))?;
            Some(format!("{}: {}", test.name, first_line(&test.message)))
        }
    }
}

fn first_line(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim()
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::verdict::{CompileEnd, Compiled, Diagnostic, End, Evidence, Place, Report, Run, judge};
    use crate::workbook::sample_exercise;
    use crate::workspace::{hash_of, hidden_hash};
    use std::time::Duration;

    fn exercise() -> Arc<Exercise> {
        Arc::new(Exercise { points: 3, ..sample_exercise("lazy_call", &["hi_is_heard", "order_is_kept"]) })
    }

    fn row(claimed: bool, finding: Finding) -> Row {
        let exercise = exercise();
        let mut progress = Progress::new("l".to_owned());
        if claimed {
            progress.record_solved("lazy_call", "source", &hidden_hash(&exercise), SystemTime::UNIX_EPOCH);
        }
        let recorded = Recorded::of(&Step::Exercise(Arc::clone(&exercise)), Some(&progress));
        Row { recorded, untouched: false, of_this_text: true, exercise, finding }
    }

    fn graded(ends: &[(&str, Option<Report>, End)]) -> Finding {
        let compiled =
            |diagnostics| Compiled { end: CompileEnd::Succeeded, diagnostics, took: Duration::ZERO };
        let runs = ends.iter().map(|(test, report, end)| Run {
            test: (*test).to_owned(),
            report: report.clone(),
            end: end.clone(),
            stage: None,
            output: String::new(),
            measured: false,
            closing: false,
            clock_held: false,
            cpu: None,
            memory: None,
            timeline: None,
            took: Duration::ZERO,
        });
        let evidence = Evidence::Seen {
            submission: vec![compiled(Vec::new())],
            review: None,
            hidden: Some(compiled(Vec::new())),
            runs: runs.collect(),
            attempts: Vec::new(),
            testing: Duration::ZERO,
            total: Duration::ZERO,
        };
        Finding::Graded(Arc::new(judge(&exercise(), &evidence)))
    }

    fn failed(message: &str) -> (&'static str, Option<Report>, End) {
        ("order_is_kept", Some(Report::Failed { message: message.to_owned(), place: None }), End::Exited(101))
    }

    const HEARD: (&str, Option<Report>, End) = ("hi_is_heard", Some(Report::Passed), End::Exited(0));
    const KEPT: (&str, Option<Report>, End) = ("order_is_kept", Some(Report::Passed), End::Exited(0));

    fn broken() -> Finding {
        let broken = crate::verdict::Broken { problem: "no rustc\nat all".into(), remedy: "get one".into() };
        Finding::Graded(Arc::new(judge(&exercise(), &Evidence::Broken(broken))))
    }

    #[test]
    fn source_decides_and_a_claim_is_only_repeated_where_nothing_was_graded() {
        let no = || graded(&[HEARD, failed("no")]);
        for (claimed, finding, standing, score) in [
            (false, graded(&[HEARD, KEPT]), Standing::Solved, 3),
            (true, graded(&[HEARD, KEPT]), Standing::Solved, 3),
            (false, no(), Standing::NotSolved, 0),
            (true, no(), Standing::Refuted, 0),
            (true, Finding::NoSource("gone".into()), Standing::Refuted, 0),
            (false, Finding::NoSource("gone".into()), Standing::NotSolved, 0),
            (true, broken(), Standing::Ungraded, 0),
            (true, Finding::Unchecked, Standing::Solved, 3),
            (false, Finding::Unchecked, Standing::NotSolved, 0),
        ] {
            let row = row(claimed, finding);
            assert_eq!((row.standing(), row.score()), (standing, score), "{claimed} {:?}", row.finding);
        }
    }

    #[test]
    fn solved_against_other_hidden_tests_is_no_claim() {
        let exercise = exercise();
        let mut progress = Progress::new("l".to_owned());
        progress.record_solved("lazy_call", "source", &hash_of("other tests"), SystemTime::UNIX_EPOCH);
        let recorded = Recorded::of(&Step::Exercise(Arc::clone(&exercise)), Some(&progress));
        assert_eq!(recorded.state, State::Stale);
        let row = Row { recorded, ..row(false, graded(&[HEARD, failed("no")])) };
        assert_eq!((row.standing(), row.doubt()), (Standing::NotSolved, None));
    }

    #[test]
    fn who_names_no_tests_and_no_text_is_not_excused() {
        let step = Step::Exercise(exercise());
        for (hidden, state) in [
            ("", State::Solved),
            ("hidden = \"\"\n", State::Solved),
            ("hidden = \"older\"\n", State::Solved),
            (&*format!("hidden = \"{}\"\n", hash_of("older")), State::Stale),
        ] {
            let text = format!(
                "schema = 1\nlearner = \"l\"\n[steps.lazy_call]\nstate = \"solved\"\n{hidden}# end of progress\n"
            );
            let progress = Progress::read(text.as_bytes()).unwrap();
            assert_eq!(Recorded::of(&step, Some(&progress)).state, state, "{hidden:?}");
            assert!(speaks_of(progress.record("lazy_call"), Some("now")), "{hidden:?}");
        }
    }

    #[test]
    fn a_changed_file_and_a_starter_put_back_are_told_apart_from_a_false_claim() {
        let mut progress = Progress::new("l".to_owned());
        progress.record_solved("lazy_call", &hash_of("then"), "h", SystemTime::UNIX_EPOCH);
        let record = progress.record("lazy_call");
        let [then, now] = ["then", "now"].map(|text| speaks_of(record, Some(&hash_of(text))));
        assert_eq!(
            (then, now, speaks_of(record, None), speaks_of(None, Some("x"))),
            (true, false, false, false)
        );
        let no = || graded(&[HEARD, failed("no")]);
        let doubt =
            |of_this_text, untouched, finding| Row { of_this_text, untouched, ..row(true, finding) }.doubt();
        assert_eq!(doubt(true, false, no()), Some(Doubt::ThisText));
        assert_eq!(doubt(true, true, no()), Some(Doubt::ThisText), "nobody solves it by the starter");
        assert_eq!(doubt(false, false, no()), Some(Doubt::Changed));
        assert_eq!(doubt(false, true, no()), Some(Doubt::PutBack));
        assert_eq!(doubt(false, false, Finding::NoSource("gone".into())), Some(Doubt::ThisText));
        assert_eq!(doubt(false, true, graded(&[HEARD, KEPT])), None);
    }

    #[test]
    fn a_reason_is_one_line() {
        let reason = |finding| row(false, finding).reason();
        assert_eq!(reason(graded(&[HEARD, KEPT])), None);
        assert_eq!(reason(Finding::Unchecked), None);
        assert_eq!(reason(graded(&[HEARD, failed("\n first \nsecond")])).unwrap(), "order_is_kept: first");
        assert_eq!(reason(broken()).unwrap(), "no rustc");
        assert_eq!(reason(Finding::NoSource("it is missing".into())).unwrap(), "it is missing");
        let crashed = reason(graded(&[HEARD, ("order_is_kept", None, End::Exited(0))])).unwrap();
        assert!(crashed.starts_with("order_is_kept: ") && crashed.len() > 20, "{crashed}");
    }

    #[test]
    fn a_compiler_error_comes_with_code_and_line() {
        let place = Place { file: "exercises/x.rs".into(), line: 7, column: 1 };
        let message = "`await` is only allowed inside `async`";
        let evidence = Evidence::refused(Diagnostic::error(Some("E0728"), message, place));
        let row = row(false, Finding::Graded(Arc::new(judge(&exercise(), &evidence))));
        assert_eq!(row.reason().unwrap(), "E0728: `await` is only allowed inside `async` (line 7)");
        assert_eq!(row.found(), "does_not_compile");
    }

    #[test]
    fn a_time_of_the_learner_s_file_is_a_time_or_nothing() {
        for (text, time) in [
            ("2026-11-27T10:00:00Z", true),
            ("2026-11-27T10:00:00.123456789+01:00", true),
            ("=1+1", false),
            ("", false),
            ("<script>", false),
            ("1111111111111111111111111111111111111111111111", false),
        ] {
            assert_eq!(is_time(text), time, "{text}");
        }
    }
}
