//! Quizzes and predictions: a reply to each wrong choice, and none that gives the right one away.

use super::finding::{Finding, Rule};
use super::hints::tokens;
use super::places::QuizPlace;
use crate::workbook::{Choice, Fault, Quiz};

/// What a reply is for.
const REPLY: &str = "why it is tempting, and what it overlooks";

/// The findings on one quiz, of which no other fault is known. Here, and not where workbooks are read: one that was
/// written before choices had replies still serves those who learn with it.
pub(super) fn of_quiz(quiz: &Quiz, place: &QuizPlace, manifest: &str) -> Vec<Finding> {
    let right = quiz.choices.get(quiz.answer);
    let mut findings = Vec::new();
    for (index, (Choice { text, says, .. }, at)) in quiz.choices.iter().zip(&place.choices).enumerate() {
        let which = format!("`choices[{index}]` of the {} `{}`", quiz.noun(), quiz.name);
        let written = toml_edit::Value::from(text.as_str());
        let wrong = index != quiz.answer;
        let (line, problem) = match says {
            None if at.plain && wrong => (
                at.line,
                format!(
                    "{which} is a plain string, so learners who choose it get no reply; write `{{ text = {written}, \
                     says = \"…\" }}`, with {REPLY}"
                ),
            ),
            None if at.plain => (
                at.line,
                format!("{which} is a plain string; a choice is a table: write `{{ text = {written} }}`"),
            ),
            None if wrong => {
                (at.line, format!("{which} has no `says`: the reply to learners who choose it, with {REPLY}"))
            }
            Some(says) if right.is_some_and(|right| quotes(says, &right.text)) => (
                at.says,
                format!(
                    "`says` of {which} contains the right choice word for word; say what this choice overlooks, and \
                     let the learner choose again"
                ),
            ),
            _ => continue,
        };
        let fault = Fault { file: manifest.to_owned(), line, problem };
        findings.push(Finding { fault, rule: Rule::Quiz, exercise: None });
    }
    findings
}

/// Whether a reply has the words of another text in a row, however they are set.
fn quotes(reply: &str, text: &str) -> bool {
    let (reply, text) = (reply.to_lowercase(), text.to_lowercase());
    let (reply, text) = (tokens(&reply), tokens(text.trim_end_matches('.')));
    !text.is_empty() && reply.windows(text.len()).any(|part| part == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::check::places::ChoicePlace;
    use crate::workbook::sample_quiz;

    fn problems(quiz: &Quiz, plain: bool) -> Vec<String> {
        let choice = |at: usize| ChoicePlace { line: Some(10 * at), says: Some(10 * at + 2), plain };
        let place = QuizPlace { choices: (1..=quiz.choices.len()).map(choice).collect(), all: 1..99 };
        let found = of_quiz(quiz, &place, "chapter.toml");
        assert!(found.iter().all(|finding| finding.rule == Rule::Quiz && finding.exercise.is_none()));
        found.into_iter().map(|finding| finding.fault.to_string()).collect()
    }

    #[test]
    fn a_quiz_that_replies_to_each_wrong_choice_has_no_fault() {
        assert_eq!(problems(&sample_quiz("question", "01_one"), false), [""; 0]);
    }

    #[test]
    fn a_wrong_choice_without_a_reply_is_named_and_a_plain_string_is_shown_as_a_table() {
        let mut quiz = sample_quiz("question", "01_one");
        quiz.choices[2].says = None;
        let missing = "chapter.toml:30: `choices[2]` of the quiz `question` has no `says`: the reply to learners who \
                       choose it, with why it is tempting, and what it overlooks";
        assert_eq!(problems(&quiz, false), [missing]);
        quiz.choices[0].says = None;
        let found = problems(&quiz, true);
        assert_eq!(found.len(), 3, "{found:#?}");
        assert!(found[0].contains("get no reply; write `{ text = \"a\", says = \"…\" }`"), "{found:#?}");
        assert!(found[1].ends_with("a choice is a table: write `{ text = \"b\" }`"), "{found:#?}");
    }

    #[test]
    fn a_reply_that_has_the_right_choice_in_it_is_a_fault_however_it_is_set() {
        let mut quiz = sample_quiz("question", "01_one");
        quiz.choices[1].text = "Never: nobody is inside `block_on`".to_owned();
        quiz.choices[0].says = Some("In truth never : nobody is inside block_on, of course.".to_owned());
        let found = problems(&quiz, false);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with("chapter.toml:12: `says` of `choices[0]`"), "{found:#?}");
        quiz.choices[0].says = Some("Who is inside `block_on` here?".to_owned());
        assert_eq!(problems(&quiz, false), [""; 0]);
    }
}
