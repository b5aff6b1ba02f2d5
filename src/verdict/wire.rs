//! Verdicts as data: `tokiolings/verdict/v1`, one JSON object an exercise, one a line.
//!
//! These structs are the format. The types that the program thinks in may change; these only grow.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::timeline::WireTimeline;
use super::{Broken, Hang, HangKind, Kind, Level, Place, Status};

/// The name and version of the format.
pub const SCHEMA: &str = "tokiolings/verdict/v1";

/// Why a text is no verdict.
#[derive(Debug, Error)]
pub enum ReadError {
    /// Not the JSON that the format asks for.
    #[error("read a verdict: {0}")]
    Json(#[from] serde_json::Error),
    /// A value of the format that this version does not know.
    #[error("read a verdict: {0}")]
    Unknown(#[from] Unknown),
}

/// A value that this version does not know.
#[derive(Debug, Error)]
#[error("`{0}` is not known to this version")]
pub struct Unknown(String);

/// One verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    schema: String,
    exercise: String,
    chapter: String,
    verdict: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    broken: Option<WireBroken>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review: Option<String>,
    diagnostics: Vec<WireDiagnostic>,
    tests: Vec<WireTest>,
    seconds: WireSeconds,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WireBroken {
    problem: String,
    remedy: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WireDiagnostic {
    level: String,
    code: Option<String>,
    message: String,
    file: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
    rendered: String,
    coach: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct WireTest {
    name: String,
    status: String,
    message: String,
    output: String,
    seconds: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hang: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stage: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cpu_seconds: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    threads: Option<usize>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    printing: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    proven: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timeline: Option<WireTimeline>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct WireSeconds {
    compile: f64,
    tests: f64,
    total: f64,
}

impl Verdict {
    /// The object on one line, without a line end.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("strings and finite numbers are valid JSON")
    }

    /// Reads such an object.
    ///
    /// # Errors
    /// When it is no object of this format, or holds a value that this version does not know.
    pub fn read(json: &[u8]) -> Result<super::Verdict, ReadError> {
        let wire: Self = serde_json::from_slice(json)?;
        if wire.schema != SCHEMA {
            return Err(Unknown(wire.schema).into());
        }
        wire.try_into()
    }
}

impl From<&super::Verdict> for Verdict {
    fn from(verdict: &super::Verdict) -> Self {
        let super::Verdict { exercise, chapter, kind, diagnostics, tests, broken, review, seconds } = verdict;
        Self {
            schema: SCHEMA.to_owned(),
            exercise: exercise.clone(),
            chapter: chapter.clone(),
            verdict: kind.as_str().to_owned(),
            broken: broken.as_ref().map(|Broken { problem, remedy }| WireBroken {
                problem: problem.clone(),
                remedy: remedy.clone(),
            }),
            review: review.clone(),
            diagnostics: diagnostics.iter().map(WireDiagnostic::from).collect(),
            tests: tests.iter().map(WireTest::from).collect(),
            seconds: WireSeconds { compile: seconds.compile, tests: seconds.tests, total: seconds.total },
        }
    }
}

impl From<&super::Diagnostic> for WireDiagnostic {
    fn from(diagnostic: &super::Diagnostic) -> Self {
        let super::Diagnostic { level, code, message, place, rendered, coach } = diagnostic;
        Self {
            level: level.as_str().to_owned(),
            code: code.clone(),
            message: message.clone(),
            file: place.as_ref().map(|place| place.file.clone()),
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            rendered: rendered.clone(),
            coach: coach.clone(),
        }
    }
}

impl From<&super::TestResult> for WireTest {
    fn from(test: &super::TestResult) -> Self {
        let hang = test.hang.as_ref();
        Self {
            name: test.name.clone(),
            status: test.status.as_str().to_owned(),
            message: test.message.clone(),
            output: test.output.clone(),
            seconds: test.seconds,
            hang: hang.map(|hang| hang.kind.as_str().to_owned()),
            stage: hang.and_then(|hang| hang.stage.clone()),
            cpu_seconds: hang.map(|hang| hang.cpu_seconds).or(test.cpu_seconds),
            threads: hang.map(|hang| hang.threads),
            printing: hang.is_some_and(|hang| hang.printing),
            proven: hang.is_some_and(|hang| hang.proven),
            timeline: test.timeline.as_ref().map(WireTimeline::from),
        }
    }
}

impl TryFrom<Verdict> for super::Verdict {
    type Error = ReadError;

    fn try_from(wire: Verdict) -> Result<Self, ReadError> {
        Ok(Self {
            kind: known(&wire.verdict, &Kind::ALL, Kind::as_str)?,
            exercise: wire.exercise,
            chapter: wire.chapter,
            diagnostics: wire.diagnostics.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            tests: wire.tests.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            review: wire.review,
            broken: wire.broken.map(|WireBroken { problem, remedy }| Broken { problem, remedy }),
            seconds: super::Seconds {
                compile: wire.seconds.compile,
                tests: wire.seconds.tests,
                total: wire.seconds.total,
            },
        })
    }
}

impl TryFrom<WireDiagnostic> for super::Diagnostic {
    type Error = ReadError;

    fn try_from(wire: WireDiagnostic) -> Result<Self, ReadError> {
        let place = match (wire.file, wire.line, wire.column) {
            (Some(file), Some(line), Some(column)) => Some(Place { file, line, column }),
            _ => None,
        };
        Ok(Self {
            level: known(&wire.level, &Level::ALL, Level::as_str)?,
            code: wire.code,
            message: wire.message,
            place,
            rendered: wire.rendered,
            coach: wire.coach,
        })
    }
}

impl TryFrom<WireTest> for super::TestResult {
    type Error = ReadError;

    fn try_from(wire: WireTest) -> Result<Self, ReadError> {
        let hang = match wire.hang {
            Some(kind) => Some(Hang {
                kind: known(&kind, &HangKind::ALL, HangKind::as_str)?,
                stage: wire.stage,
                cpu_seconds: wire.cpu_seconds.unwrap_or_default(),
                threads: wire.threads.unwrap_or_default(),
                printing: wire.printing,
                proven: wire.proven,
            }),
            None => None,
        };
        Ok(Self {
            status: known(&wire.status, &Status::ALL, Status::as_str)?,
            name: wire.name,
            message: wire.message,
            output: wire.output,
            seconds: wire.seconds,
            cpu_seconds: wire.cpu_seconds.filter(|_| hang.is_none()),
            hang,
            timeline: wire.timeline.map(Into::into),
        })
    }
}

/// The one among `all` that has this name.
pub(crate) fn known<T: Copy>(name: &str, all: &[T], name_of: fn(T) -> &'static str) -> Result<T, Unknown> {
    all.iter().copied().find(|value| name_of(*value) == name).ok_or_else(|| Unknown(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, Seconds, TestResult, Timeline, What};
    use super::*;

    fn verdict() -> super::super::Verdict {
        super::super::Verdict {
            exercise: "lazy_call".into(),
            chapter: "01_inert_plans".into(),
            kind: Kind::Hung,
            diagnostics: vec![Diagnostic {
                level: Level::Warning,
                code: Some("unused_must_use".into()),
                message: "m".into(),
                place: Some(Place {
                    file: "exercises/01_inert_plans/lazy_call.rs".into(),
                    line: 12,
                    column: 5,
                }),
                rendered: "r\n".into(),
                coach: None,
            }],
            tests: vec![TestResult {
                name: "hi_is_heard".into(),
                status: Status::Hung,
                message: "x".into(),
                output: "o".into(),
                seconds: 0.004,
                cpu_seconds: None,
                hang: Some(Hang {
                    kind: HangKind::Parked,
                    stage: Some("s".into()),
                    cpu_seconds: 0.5,
                    threads: 2,
                    printing: false,
                    proven: false,
                }),
                timeline: None,
            }],
            broken: None,
            review: None,
            seconds: Seconds { compile: 0.21, tests: 0.01, total: 0.22 },
        }
    }

    #[test]
    fn the_format_is_what_the_design_says() {
        let json = Verdict::from(&verdict()).to_json();
        assert_eq!(
            json,
            r#"{"schema":"tokiolings/verdict/v1","exercise":"lazy_call","chapter":"01_inert_plans","verdict":"hung","diagnostics":[{"level":"warning","code":"unused_must_use","message":"m","file":"exercises/01_inert_plans/lazy_call.rs","line":12,"column":5,"rendered":"r\n","coach":null}],"tests":[{"name":"hi_is_heard","status":"hung","message":"x","output":"o","seconds":0.004,"hang":"parked","stage":"s","cpu_seconds":0.5,"threads":2}],"seconds":{"compile":0.21,"tests":0.01,"total":0.22}}"#
        );
    }

    #[test]
    fn what_is_written_is_read_back_whole() {
        assert_eq!(Verdict::read(Verdict::from(&verdict()).to_json().as_bytes()).unwrap(), verdict());
    }

    #[test]
    fn what_to_review_is_an_optional_part() {
        let verdict = super::super::Verdict { review: Some("line 7: odd".into()), ..verdict() };
        let json = Verdict::from(&verdict).to_json();
        assert!(json.contains(r#""verdict":"hung","review":"line 7: odd","diagnostics""#), "{json}");
        assert_eq!(Verdict::read(json.as_bytes()).unwrap(), verdict);
    }

    #[test]
    fn a_timeline_is_an_optional_part_of_a_test() {
        let mut verdict = verdict();
        let mut timeline = Timeline::default();
        timeline.add_lane("kettle");
        timeline.add(0, 30_000, What::Poll);
        timeline.add(0, 30_000, What::Mark("hot".into()));
        timeline.stop();
        verdict.tests[0].timeline = Some(timeline);
        let json = Verdict::from(&verdict).to_json();
        assert!(
            json.contains(
                r#""timeline":{"lanes":["kettle"],"events":[{"lane":0,"microseconds":30000,"event":"poll"},{"lane":0,"microseconds":30000,"event":"mark","text":"hot"}],"complete":false}}],"#
            ),
            "{json}"
        );
        assert_eq!(Verdict::read(json.as_bytes()).unwrap(), verdict);
        // What an event means that this version does not know, nobody can draw; the verdict stands all the same.
        let newer = json.replace("\"poll\"", "\"teleported\"").replace("{\"lane\":0", "{\"lane\":7");
        let read = Verdict::read(newer.as_bytes()).unwrap();
        assert_eq!(read.tests[0].timeline.as_ref().unwrap().moments(), []);
        assert_eq!(read.kind, verdict.kind);
    }

    #[test]
    fn another_schema_or_an_unknown_value_is_refused() {
        let json = Verdict::from(&verdict()).to_json();
        for (from, to) in [("verdict/v1", "verdict/v9"), ("\"hung\",\"diag", "\"magic\",\"diag")] {
            assert!(Verdict::read(json.replace(from, to).as_bytes()).is_err(), "{to}");
        }
    }
}
