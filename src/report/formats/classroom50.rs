//! Classroom 50: the `result.json` that its runner takes from any program.

use serde::Serialize;

use crate::report::{Report, Standing};

/// The name and version of the format.
const SCHEMA: &str = "classroom50/result/v1";

/// What the runner says about a submission, in its environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Submission {
    classroom: String,
    assignment: String,
    assignment_type: String,
    owner: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
}

const TYPES: [&str; 3] = ["individual", "group", "team"];

impl Submission {
    /// Reads the runner's variables through `variable`. A review is one of two commits, and the first has none before it:
    /// its address is then the commit's, as the runner's own.
    ///
    /// # Errors
    /// Every variable that is missing, empty or wrong, each with a word about it.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut missing = Vec::new();
        let given = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let mut needed = |name: &str| {
            let value = given(name);
            if value.is_none() {
                missing.push(format!("{name} is not set"));
            }
            value.unwrap_or_default()
        };
        let submission = Self {
            classroom: needed("CLASSROOM"),
            assignment: needed("ASSIGNMENT"),
            assignment_type: needed("ASSIGNMENT_TYPE"),
            owner: needed("OWNER"),
            submission: needed("SUBMISSION_TAG"),
            commit: needed("COMMIT_URL"),
            release: needed("RELEASE_URL"),
            review: given("REVIEW_URL").or_else(|| given("COMMIT_URL")).unwrap_or_default(),
        };
        let kind = submission.assignment_type.as_str();
        if !kind.is_empty() && !TYPES.contains(&kind) {
            missing.push(format!("ASSIGNMENT_TYPE is `{kind}`, and must be one of {}", TYPES.join(", ")));
        }
        if missing.is_empty() { Ok(submission) } else { Err(missing) }
    }
}

#[derive(Serialize)]
struct WireResult<'a> {
    schema: &'static str,
    #[serde(flatten)]
    submission: &'a Submission,
    /// The runner puts the time of the commit here; ours stands for it where there is no runner.
    datetime: &'a str,
    graded_at: &'a str,
    score: u32,
    #[serde(rename = "max-score")]
    max_score: u32,
    tests: Vec<WireTest>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct WireTest {
    test_name: String,
    passed: bool,
    score: u32,
    max_score: u32,
}

/// The report as a `result.json`: a test is an exercise. The format has no room for a report's basis.
#[must_use]
pub fn classroom50(report: &Report, submission: &Submission) -> Vec<u8> {
    let totals = report.totals();
    let tests = report.rows.iter().map(|row| WireTest {
        test_name: format!("{}/{}", row.exercise.chapter, row.exercise.name),
        passed: row.standing() == Standing::Solved,
        score: row.score(),
        max_score: row.exercise.points,
    });
    let wire = WireResult {
        schema: SCHEMA,
        submission,
        datetime: &report.at,
        graded_at: &report.at,
        score: totals.score,
        max_score: totals.max_score,
        tests: tests.collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&wire).expect("strings and integers are valid JSON");
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    const VARIABLES: [(&str, &str); 8] = [
        ("CLASSROOM", "async-101"),
        ("ASSIGNMENT", "tokiolings"),
        ("OWNER", "ada"),
        ("ASSIGNMENT_TYPE", "individual"),
        ("SUBMISSION_TAG", "submit/2026-11-27T10-00-00Z-a1b2c3d"),
        ("COMMIT_URL", "https://example.org/c"),
        ("RELEASE_URL", "https://example.org/r"),
        ("REVIEW_URL", "https://example.org/d"),
    ];

    fn read(change: impl Fn(&str, &str) -> Option<String>) -> Result<Submission, Vec<String>> {
        Submission::from_variables(|name| {
            VARIABLES.iter().find(|(known, _)| *known == name).and_then(|(name, value)| change(name, value))
        })
    }

    #[test]
    fn the_format_fits_its_schema_and_adds_up() {
        let submission = read(|_, value| Some(value.to_owned())).unwrap();
        let report = sample::report();
        let value = sample::check("classroom50", &classroom50(&report, &submission));
        let tests = value["tests"].as_array().unwrap();
        let sum = |key: &str| tests.iter().map(|test| test[key].as_u64().unwrap()).sum::<u64>();
        assert_eq!(
            (value["score"].as_u64(), value["max-score"].as_u64()),
            (Some(sum("score")), Some(sum("max-score")))
        );
        assert_eq!(value["owner"], "ada");
        let passed: Vec<_> =
            tests.iter().filter(|test| test["passed"] == true).map(|t| &t["test-name"]).collect();
        assert_eq!(passed, ["01_inert_plans/lazy_call"]);
    }

    #[test]
    fn without_a_review_the_commit_stands_for_it() {
        let review = |change: fn(&str) -> Option<String>| {
            read(|name, value| if name == "REVIEW_URL" { change(value) } else { Some(value.to_owned()) })
                .unwrap()
                .review
        };
        assert_eq!(review(|value| Some(value.to_owned())), "https://example.org/d");
        assert_eq!(review(|_| Some(" ".to_owned())), "https://example.org/c");
        assert_eq!(review(|_| None), "https://example.org/c");
    }

    #[test]
    fn every_missing_variable_is_named_at_once() {
        let missing = read(|name, value| {
            (name != "OWNER").then(|| if name == "RELEASE_URL" { " " } else { value }.to_owned())
        });
        assert_eq!(missing.unwrap_err(), ["OWNER is not set", "RELEASE_URL is not set"]);
        let none = Submission::from_variables(|_| None).unwrap_err();
        assert_eq!(none.len(), VARIABLES.len() - 1, "a review is not needed: {none:?}");
        let wrong =
            read(|name, value| Some(if name == "ASSIGNMENT_TYPE" { "solo" } else { value }.to_owned()));
        assert_eq!(
            wrong.unwrap_err(),
            ["ASSIGNMENT_TYPE is `solo`, and must be one of individual, group, team"]
        );
    }
}
