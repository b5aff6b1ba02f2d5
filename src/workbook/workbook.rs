//! The workbook, its chapters and steps, as plain values.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::dependencies::Dependencies;
use super::hidden::HiddenTests;

/// A whole workbook: everything that a learner can be given, and everything that grades it.
#[derive(Debug, Clone)]
pub struct Workbook {
    /// Its name, shown on top of the screen.
    pub title: String,
    /// Shown before the first step.
    pub welcome: String,
    /// Shown after the last one.
    pub farewell: String,
    /// The chapters, in reading order.
    pub chapters: Vec<Chapter>,
    /// Names that steps had before, with those that they have now.
    pub renamed: BTreeMap<String, String>,
    /// The crates that exercises may use, by tier.
    pub dependencies: Dependencies,
    /// The library that hidden tests are written with, as `(path below its folder, text)`.
    pub testkit: Vec<(String, String)>,
}

/// One chapter: a mental model, and the steps that build it.
#[derive(Debug, Clone)]
pub struct Chapter {
    /// Its folder's name, `01_inert_plans`: the same under `exercises/`, `solutions/` and `tests/`.
    pub id: String,
    /// Its name for people.
    pub title: String,
    /// Its page, in Markdown.
    pub readme: String,
    /// What to do, in order.
    pub steps: Vec<Step>,
}

/// One thing to do.
#[derive(Debug, Clone)]
pub enum Step {
    /// A file to mend.
    Exercise(Arc<Exercise>),
    /// A question to answer, of which some are about a program that runs then: predictions.
    Quiz(Arc<Quiz>),
}

/// A broken program, what it should become, and how that is judged.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// Unique in the workbook, snake_case.
    pub name: String,
    /// The [`Chapter::id`] it belongs to.
    pub chapter: String,
    /// On the short path through the workbook.
    pub core: bool,
    /// Asked for one at a time: a nudge, the idea, almost the answer.
    pub hints: Vec<String>,
    /// The dependency tier beyond the base one.
    pub needs: Option<String>,
    /// Also built as a program, which hidden tests run.
    pub program: bool,
    /// Compiler lints that fail the exercise.
    pub deny: Vec<String>,
    /// Clippy lints that fail the exercise, without `clippy::`.
    pub clippy: Vec<String>,
    /// Whether `unsafe` compiles.
    pub allow_unsafe: bool,
    /// How long one hidden test may run.
    pub limit: Duration,
    /// How long a hidden test sleeps in real time, with a right answer.
    pub idle: Duration,
    /// CPU time that a hidden test may use.
    pub cpu: Duration,
    /// What it is worth in a report.
    pub points: u32,
    /// What to tell a learner whose code hangs with everything asleep.
    pub parked: Option<String>,
    /// What to tell a learner whose code hangs with a busy CPU.
    pub spinning: Option<String>,
    /// What the learner starts from.
    pub starter: String,
    /// What the starter fails at, as its author declares it.
    pub starter_fails: Option<Fails>,
    /// The reference answer.
    pub solution: String,
    /// The exercise that it builds on: it starts from that one's solution, and that one's hidden tests are among its own.
    pub after: Option<String>,
    /// The module of the learner's file that the learner's tests are about, where the learner writes the tests: hidden
    /// implementations take its place. Without it, hidden tests decide.
    pub subject: Option<String>,
    /// What decides.
    pub hidden: HiddenTests,
}

/// What a wrong answer fails at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fails {
    /// The hidden test of that name.
    Test(String),
    /// The compiler, with that error code or lint; `-` for an error without a code.
    Compile(String),
}

/// A question with one right choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiz {
    /// Unique in the workbook, snake_case.
    pub name: String,
    /// The [`Chapter::id`] it belongs to.
    pub chapter: String,
    /// On the short path through the workbook.
    pub core: bool,
    /// The question, in Markdown.
    pub question: String,
    /// What to choose from, in the author's order; shown shuffled, see [`Quiz::order_for`].
    pub choices: Vec<Choice>,
    /// Index into `choices`.
    pub answer: usize,
    /// Why, shown after answering.
    pub explain: String,
    /// The program that the question is about, of a prediction: it runs once the learner has answered.
    pub prediction: Option<Prediction>,
}

/// The program that a quiz asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prediction {
    /// The name of its file in the chapter's folder of programs.
    pub file: String,
    /// Its text.
    pub program: String,
    /// The dependency tier beyond the base one.
    pub needs: Option<String>,
    /// The rows of its recording: each begins with the name of an `async fn` of the program, and is a format string with that
    /// function's arguments. Each call is recorded in the row of that text. Without rows, nothing is recorded.
    pub lanes: Vec<String>,
}

/// What one can choose in a quiz.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What it claims.
    pub text: String,
    /// The reply to whoever chooses it: why it is tempting, and what it overlooks. `None` for the right one, to which
    /// [`Quiz::explain`] replies, and in workbooks that were written before choices had replies.
    pub says: Option<String>,
    /// In a prediction: what the program prints if the claim is right. The right choice has it.
    pub prints: Option<String>,
}

/// The default for [`Exercise::limit`]: a right answer needs milliseconds, and a learner waits this long for the
/// report of a hang that nothing proves before.
pub const DEFAULT_LIMIT: Duration = Duration::from_secs(10);

/// The default for [`Exercise::cpu`]: a right answer needs milliseconds. `author check` sees that it needs a fifth at most.
pub const DEFAULT_CPU: Duration = Duration::from_secs(1);

/// The longest text that is taken for an answer to an exercise, in bytes: a hundred times the longest exercise.
pub const MAX_SOURCE: u64 = 1 << 20;

impl Workbook {
    /// Every step with its chapter, in order.
    pub fn steps(&self) -> impl Iterator<Item = (&Chapter, &Step)> {
        self.chapters.iter().flat_map(|chapter| chapter.steps.iter().map(move |step| (chapter, step)))
    }

    /// Every exercise, in order.
    pub fn exercises(&self) -> impl Iterator<Item = &Arc<Exercise>> {
        self.steps().filter_map(|(_, step)| step.as_exercise())
    }

    /// The step of that name.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.steps().map(|(_, step)| step).find(|step| step.name() == name)
    }

    /// The names that a step had before the one that it has now.
    pub fn former_names<'w>(&'w self, name: &'w str) -> impl Iterator<Item = &'w str> {
        self.renamed.iter().filter(move |(_, new)| *new == name).map(|(old, _)| old.as_str())
    }

    /// The chapter of that id.
    #[must_use]
    pub fn chapter(&self, id: &str) -> Option<&Chapter> {
        self.chapters.iter().find(|chapter| chapter.id == id)
    }
}

impl Step {
    /// Its name, unique in the workbook.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Exercise(exercise) => &exercise.name,
            Self::Quiz(quiz) => &quiz.name,
        }
    }

    /// Whether it is on the short path.
    #[must_use]
    pub fn core(&self) -> bool {
        match self {
            Self::Exercise(exercise) => exercise.core,
            Self::Quiz(quiz) => quiz.core,
        }
    }

    /// The exercise, if it is one.
    #[must_use]
    pub fn as_exercise(&self) -> Option<&Arc<Exercise>> {
        match self {
            Self::Exercise(exercise) => Some(exercise),
            Self::Quiz(_) => None,
        }
    }

    /// Its kind, for people and in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Exercise(_) => "exercise",
            Self::Quiz(quiz) => quiz.noun(),
        }
    }

    /// The dependency tier beyond the base one, if it needs one.
    #[must_use]
    pub fn needs(&self) -> Option<&str> {
        match self {
            Self::Exercise(exercise) => exercise.needs.as_deref(),
            Self::Quiz(quiz) => quiz.prediction.as_ref()?.needs.as_deref(),
        }
    }

    /// The quiz, if it is one; a prediction is.
    #[must_use]
    pub fn as_quiz(&self) -> Option<&Arc<Quiz>> {
        match self {
            Self::Quiz(quiz) => Some(quiz),
            Self::Exercise(_) => None,
        }
    }
}

impl Exercise {
    /// Where the learner edits it, below the workspace: `exercises/01_inert_plans/lazy_call.rs`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("exercises/{}/{}.rs", self.chapter, self.name)
    }
}

impl Quiz {
    /// The order in which a learner sees the choices: `order[shown] = index into choices`. The same learner (`seed`)
    /// always sees the same order, so that "press 2" stays true after a restart.
    #[must_use]
    pub fn order_for(&self, seed: &str) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.choices.len()).collect();
        order.sort_by_cached_key(|index| {
            *blake3::hash(format!("{seed}\0{}\0{index}", self.name).as_bytes()).as_bytes()
        });
        order
    }
}
