//! A prediction: a quiz about a short program, which runs once the learner has answered.

use std::sync::Arc;

use proc_macro2::TokenStream;

use super::hidden::{HiddenTests, Replacement};
use super::items::items;
use super::{Choice, DEFAULT_CPU, DEFAULT_LIMIT, Exercise, Prediction, Quiz};

/// The folder of the programs, below a chapter's.
pub(super) const FOLDER: &str = "predict";

impl Prediction {
    /// The rows that name no `async fn` at the program's top level.
    pub(super) fn lost_lanes(&self) -> impl Iterator<Item = &str> {
        let known: Vec<String> = match self.program.parse::<TokenStream>() {
            Ok(tokens) => items(tokens)
                .into_iter()
                .filter(|item| item.is_async)
                .map(|item| item.name.to_string())
                .collect(),
            Err(_) => Vec::new(),
        };
        let is_lost = move |lane: &&str| !known.iter().any(|name| name == function_of(lane));
        self.lanes.iter().map(String::as_str).filter(is_lost)
    }

    /// The program as a hidden tests file, whose only test runs it from beginning to end.
    fn test(&self) -> String {
        let text = self.watched();
        let lanes = if self.lanes.is_empty() { "" } else { LANES };
        format!(
            "/// The program, from its beginning to its end.\n#[test]\nfn the_program() {{\n    predicted::begin();\n}}\n\
             {lanes}\nmod predicted {{\n{text}\npub(super) fn begin() {{\n    main();\n}}\n}}\n"
        )
    }

    /// The program with every call of a row's function recorded, and everything else as it is, line for line.
    fn watched(&self) -> String {
        let Ok(tokens) = self.program.parse::<TokenStream>() else { return self.program.clone() };
        let mut replacements = Vec::new();
        for item in items(tokens).into_iter().filter(|item| item.is_async) {
            let name = item.name.to_string();
            let Some(lane) = self.lanes.iter().find(|lane| function_of(lane) == name) else { continue };
            let piece = |at: usize, text: String| Replacement { start: at, end: at, text };
            replacements.push(piece(item.body.start, WATCH.replace("LANE", &format!("{lane:?}"))));
            replacements.push(piece(item.body.end, WATCHED.to_owned()));
        }
        Replacement::all(replacements, &self.program)
    }
}

/// What the rows of a recording are made with.
const LANES: &str = "
static TIMELINE: ::std::sync::LazyLock<::testkit::Timeline> = ::std::sync::LazyLock::new(::testkit::Timeline::new);

fn lane(name: String) -> &'static ::testkit::Lane {
    Box::leak(Box::new(TIMELINE.lane(name)))
}
";

/// What stands in front of the body of a function that is recorded. What it prints is a mark in its row.
const WATCH: &str = "let tokiolings_lane = super::lane(format!(LANE)); #[allow(unused_macros)] macro_rules! println { \
                     ($($said:tt)*) => {{ let said = format!($($said)*); tokiolings_lane.mark(&said); \
                     ::std::println!(\"{said}\"); }}; } tokiolings_lane.watch(async move {";

/// What stands behind it.
const WATCHED: &str = "}).await";

/// The function whose calls a row is about.
fn function_of(lane: &str) -> &str {
    lane.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

impl Quiz {
    /// Its kind, for people.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        if self.prediction.is_some() { "prediction" } else { "quiz" }
    }

    /// Where a prediction's program is, below the workbook.
    #[must_use]
    pub fn program_path(&self) -> Option<String> {
        let Prediction { file, .. } = self.prediction.as_ref()?;
        Some(format!("exercises/{}/{FOLDER}/{file}", self.chapter))
    }

    /// What the program of a prediction prints, as the workbook has it.
    #[must_use]
    pub fn recorded(&self) -> &str {
        self.choices.get(self.answer).and_then(|choice| choice.prints.as_deref()).unwrap_or_default()
    }

    /// The program of a prediction as an exercise with its own text as the answer: who grades it runs the program, and has what
    /// it printed as the output of the only test. So it has the cache, the limits and the care of every grading.
    #[must_use]
    pub fn as_run(&self) -> Option<Arc<Exercise>> {
        let prediction = self.prediction.as_ref()?;
        Some(Arc::new(Exercise {
            name: self.name.clone(),
            chapter: self.chapter.clone(),
            core: self.core,
            hints: Vec::new(),
            needs: prediction.needs.clone(),
            program: false,
            deny: Vec::new(),
            clippy: Vec::new(),
            allow_unsafe: false,
            limit: DEFAULT_LIMIT,
            idle: std::time::Duration::ZERO,
            cpu: DEFAULT_CPU,
            points: 0,
            parked: None,
            spinning: None,
            starter: prediction.program.clone(),
            starter_fails: None,
            solution: prediction.program.clone(),
            after: None,
            subject: None,
            hidden: HiddenTests::trusted(&prediction.test(), &[]),
        }))
    }
}

impl Choice {
    /// Whether it says that the program prints this; blanks at the ends of lines count for nothing.
    #[must_use]
    pub fn claims(&self, printed: &str) -> bool {
        let lines = |text: &str| text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        self.prints.as_deref().is_some_and(|prints| lines(prints) == lines(printed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::sample_prediction;

    #[test]
    fn the_program_is_the_answer_and_the_only_test_that_runs_it() {
        let quiz = sample_prediction("guess", "01_one");
        let run = quiz.as_run().expect("it has a program");
        assert_eq!(run.starter, run.solution);
        let names: Vec<&str> = run.hidden.tests().iter().map(|test| test.name.as_str()).collect();
        assert_eq!(names, ["the_program"]);
        assert_eq!(run.hidden.syntax_error(), None);
        assert!(!run.hidden.source.contains("Timeline"), "{}", run.hidden.source);
        assert_eq!(quiz.program_path().as_deref(), Some("exercises/01_one/predict/guess.rs"));
    }

    #[test]
    fn a_row_of_the_recording_begins_with_the_function_that_it_watches() {
        let mut quiz = sample_prediction("guess", "01_one");
        let prediction = quiz.prediction.as_mut().expect("it has a program");
        prediction.program =
            "async fn ask(name: &str) {\n    println!(\"{name}\");\n}\n\nfn plain() {}\n\nfn main() {}\n"
                .to_owned();
        prediction.lanes = ["ask {name}", "plain", "nobody"].map(str::to_owned).to_vec();
        assert_eq!(prediction.lost_lanes().collect::<Vec<_>>(), ["plain", "nobody"]);
        let watched = prediction.watched();
        assert!(watched.contains("format!(\"ask {name}\")"), "{watched}");
        assert_eq!(watched.lines().count(), prediction.program.lines().count());
        let run = quiz.as_run().expect("it has a program");
        assert_eq!(run.hidden.syntax_error(), None, "{}", run.hidden.source);
    }

    #[test]
    fn an_output_is_compared_line_by_line_without_blanks_at_the_ends() {
        let choice = |prints: &str| Choice { text: "a".into(), says: None, prints: Some(prints.into()) };
        assert!(choice("a\nb").claims("a \nb\n\n"));
        assert!(!choice("a\nb").claims("a\n b\n"));
        assert!(choice("").claims("\n"));
        assert!(!Choice { prints: None, ..choice("") }.claims(""));
    }
}
