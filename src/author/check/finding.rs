//! What a check finds.

use crate::workbook::{Exercise, Fault};

/// One fault, with what it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Where it is and what is wrong.
    pub fault: Fault,
    /// What it breaks.
    pub rule: Rule,
    /// The exercise that it is about; `None` when it is about a chapter or the workbook.
    pub exercise: Option<String>,
}

/// What an exercise, or the workbook around it, must hold up to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The files are as the format wants them.
    Format,
    /// Nothing is left to be written.
    Todo,
    /// The starter is refused for the reason that is declared.
    Starter,
    /// The solution is accepted, each time.
    Solution,
    /// Each right answer is accepted, each time.
    Right,
    /// Each wrong answer is refused by the named test with the named message.
    Wrong,
    /// The hidden tests depend on nothing but the submission.
    Hermetic,
    /// Each hidden test refuses something, and hears every assertion of its own that fails.
    Tests,
    /// There are three hints, and none gives the solution's text away.
    Hints,
    /// Each wrong choice of a quiz has a reply, and none gives the right one's text away.
    Quiz,
    /// The program of a prediction prints, each time, what the right choice says and no other one.
    Prediction,
    /// The solution and the right answers are formatted, and neither rustc nor clippy warns.
    Style,
    /// The hidden tests take a tenth of their limit at most.
    Time,
    /// Links in Markdown lead somewhere.
    Links,
}

impl Rule {
    /// Its name in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Todo => "todo",
            Self::Starter => "starter",
            Self::Solution => "solution",
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::Hermetic => "hermetic",
            Self::Tests => "tests",
            Self::Hints => "hints",
            Self::Quiz => "quiz",
            Self::Prediction => "prediction",
            Self::Style => "style",
            Self::Time => "time",
            Self::Links => "links",
        }
    }
}

impl Finding {
    /// A finding about an exercise.
    pub(super) fn of(
        exercise: &Exercise,
        rule: Rule,
        file: impl Into<String>,
        line: impl Into<Option<usize>>,
        problem: impl Into<String>,
    ) -> Self {
        let fault = Fault { file: file.into(), line: line.into(), problem: problem.into() };
        Self { fault, rule, exercise: Some(exercise.name.clone()) }
    }
}
