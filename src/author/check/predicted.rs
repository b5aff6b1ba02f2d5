//! Predictions: the program runs as a learner's grader runs it, and shows which choice is right.

use std::path::Path;
use std::sync::Arc;

use super::finding::{Finding, Rule};
use super::graded::{Graded, Graders};
use super::order::{Hear, Times};
use super::places::QuizPlace;
use crate::verdict::{Kind, Status, Verdict};
use crate::workbook::{Exercise, Fault, Quiz};

/// One prediction to check.
pub(super) struct Predicted {
    quiz: Arc<Quiz>,
    run: Arc<Exercise>,
    place: QuizPlace,
}

impl Predicted {
    /// `None` for a quiz.
    pub(super) fn of(quiz: &Arc<Quiz>, place: QuizPlace) -> Option<Self> {
        Some(Self { quiz: Arc::clone(quiz), run: quiz.as_run()?, place })
    }

    fn program(&self) -> String {
        self.quiz.program_path().unwrap_or_default()
    }

    fn manifest(&self) -> String {
        format!("exercises/{}/chapter.toml", self.quiz.chapter)
    }

    /// What the program has printed, if it is the same each time.
    fn printed<'v>(&self, verdicts: &'v [Verdict]) -> Result<&'v str, Finding> {
        let mut printed: Option<&str> = None;
        for verdict in verdicts {
            let Some(now) = verdict.printed() else {
                return Err(found(self.program(), verdict_line(verdict), how_it_ended(verdict)));
            };
            if *printed.get_or_insert(now) != now {
                let first = printed.unwrap_or_default().trim_end();
                let problem = format!(
                    "does not print the same each time: once \"{}\", once \"{}\"; pause its clock, and leave nothing to \
                     chance",
                    first.escape_debug(),
                    now.trim_end().escape_debug()
                );
                return Err(found(self.program(), None, problem));
            }
        }
        Ok(printed.unwrap_or_default())
    }

    /// What is wrong with choices that are compared with what the program has printed.
    fn faults(&self, printed: &str) -> Vec<Finding> {
        let shown = printed.trim_end().escape_debug();
        let mut findings = Vec::new();
        for (index, choice) in self.quiz.choices.iter().enumerate() {
            let right = index == self.quiz.answer;
            if right == choice.claims(printed) {
                continue;
            }
            let name = &self.quiz.name;
            let problem = if right {
                format!(
                    "`choices[{index}]` of the prediction `{name}` is marked as the answer, but its program prints \"{shown}\"; \
                     correct `answer`, or `prints`"
                )
            } else {
                format!(
                    "`choices[{index}]` of the prediction `{name}` is not marked as the answer, but its `prints` is what the \
                     program prints; two choices must not be right"
                )
            };
            let line = self.place.choices.get(index).and_then(|place| place.line);
            findings.push(found(self.manifest(), line, problem));
        }
        findings
    }
}

fn found(file: String, line: Option<usize>, problem: String) -> Finding {
    Finding { fault: Fault { file, line, problem }, rule: Rule::Prediction, exercise: None }
}

/// The line of the first error.
fn verdict_line(verdict: &Verdict) -> Option<usize> {
    verdict.diagnostics.iter().find_map(|diagnostic| diagnostic.place.as_ref()).map(|place| place.line)
}

/// Why a program has not come to its end.
fn how_it_ended(verdict: &Verdict) -> String {
    if verdict.kind == Kind::DoesNotCompile {
        let first = verdict.diagnostics.first().map_or("", |diagnostic| &diagnostic.message);
        return format!("does not compile: {first}");
    }
    let Some(test) = verdict.tests.first() else { return "did not run".to_owned() };
    match test.status {
        Status::Hung => "does not come to its end; a prediction is about a program that does".to_owned(),
        _ => format!(
            "does not come to its end: {}",
            test.message.lines().next().unwrap_or("it ended without a word")
        ),
    }
}

/// How many runs there are to do.
pub(super) fn work(predictions: &[Predicted]) -> usize {
    predictions.len()
}

/// Runs every program so many times, one beside the other, and once behind walls.
pub(super) async fn run(
    root: &Path,
    predictions: &[Predicted],
    graders: &Graders,
    times: Times,
    hear: &Hear<'_>,
    graded: &mut Graded,
) {
    if predictions.is_empty() || graded.broken.is_some() {
        return;
    }
    let texts: Vec<_> =
        predictions.iter().map(|one| (Arc::clone(&one.run), one.run.starter.clone())).collect();
    let mut seen: Vec<Vec<Verdict>> = vec![Vec::new(); texts.len()];
    graders
        .plain
        .repeat_all(&texts, times.accepted, hear.activity, &mut |index, verdicts| {
            (hear.done)(&predictions[index].quiz.name);
            seen[index].extend(verdicts);
        })
        .await;
    if let Some(walled) = &graders.walled {
        walled
            .repeat_all(&texts, 1, hear.activity, &mut |index, verdicts| seen[index].extend(verdicts))
            .await;
    }
    for (one, verdicts) in predictions.iter().zip(&seen) {
        if verdicts.iter().any(|verdict| graded.broke(verdict)) {
            return;
        }
        match one.printed(verdicts) {
            Ok(printed) => graded.findings.extend(one.faults(printed)),
            Err(finding) => graded.findings.push(finding),
        }
    }
    let files: Vec<_> = predictions.iter().map(|one| root.join(one.program())).collect();
    match graders.plain.unformatted(&files).await {
        Ok(different) => {
            for (path, line) in different {
                let same = |file: &&std::path::PathBuf| {
                    **file == path
                        || file.canonicalize().ok().is_some_and(|real| path.canonicalize().ok() == Some(real))
                };
                let Some(at) = files.iter().position(|file| same(&file)) else { continue };
                let problem = "is not formatted; run rustfmt on it".to_owned();
                let fault = Fault { file: predictions[at].program(), line: Some(line), problem };
                graded.findings.push(Finding { fault, rule: Rule::Style, exercise: None });
            }
        }
        Err(broken) => graded.broken = Some(broken),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::check::places::ChoicePlace;
    use crate::verdict::{sample_test, sample_verdict};
    use crate::workbook::sample_prediction;

    fn one() -> Predicted {
        let choice = |line| ChoicePlace { line: Some(line), says: None, plain: false };
        let place = QuizPlace { choices: vec![choice(10), choice(20), choice(30)], all: 1..99 };
        Predicted::of(&Arc::new(sample_prediction("guess", "01_one")), place).expect("it has a program")
    }

    fn ran(output: &str) -> Verdict {
        let mut test = sample_test("the_program", Status::Passed, "");
        test.output = output.to_owned();
        sample_verdict("guess", Kind::Passed, vec![test])
    }

    fn problems(outputs: &[&str]) -> Vec<String> {
        let verdicts: Vec<_> = outputs.iter().map(|output| ran(output)).collect();
        let one = one();
        let findings = match one.printed(&verdicts) {
            Ok(printed) => one.faults(printed),
            Err(finding) => vec![finding],
        };
        findings.into_iter().map(|finding| finding.fault.to_string()).collect()
    }

    #[test]
    fn the_program_proves_the_answer() {
        assert_eq!(problems(&["b\n", "b\n"]), [""; 0]);
        let wrong = problems(&["a\n"]);
        assert_eq!(wrong.len(), 2, "{wrong:#?}");
        assert!(wrong[0].starts_with("exercises/01_one/chapter.toml:10: `choices[0]`"), "{wrong:#?}");
        assert!(wrong[0].contains("is not marked as the answer"), "{wrong:#?}");
        assert!(wrong[1].contains("is marked as the answer, but its program prints \"a\""), "{wrong:#?}");
    }

    #[test]
    fn a_program_that_prints_now_this_and_now_that_is_refused() {
        let found = problems(&["b\n", "a\n"]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(
            found[0].starts_with("exercises/01_one/predict/guess.rs: does not print the same"),
            "{found:#?}"
        );
    }

    #[test]
    fn a_program_that_does_not_come_to_its_end_is_refused_with_the_reason() {
        let failed = sample_test("the_program", Status::Failed, "there is no reactor running\nmore");
        let verdict = sample_verdict("guess", Kind::Failed, vec![failed]);
        let finding = one().printed(&[verdict]).expect_err("it did not print");
        let text = finding.fault.to_string();
        assert!(text.ends_with("does not come to its end: there is no reactor running"), "{text}");
    }
}
