//! Many times over, with every core kept busy: a right answer is accepted each time, and a wrong one refused each time
//! for the same reason.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finding::Rule;
use super::graded::{Graded, Graders, Text};
use super::load::Load;
use super::order::Hear;
use crate::author::refusal::{in_full, reason, refused_as, summary};
use crate::verdict::Verdict;
use crate::workbook::{Exercise, Expectation};

/// The solutions and the right answers.
pub(super) async fn accepted(
    texts: &[Text<'_>],
    graders: &Graders,
    times: usize,
    hear: &Hear<'_>,
    graded: &mut Graded,
) {
    each(texts, graders, times, hear, graded, &|text, verdicts| {
        refused_now_and_then(verdicts).map(|problem| (text.rule(), problem))
    })
    .await;
}

/// The starters and the wrong answers.
pub(super) async fn refused(
    texts: &[Text<'_>],
    graders: &Graders,
    times: usize,
    hear: &Hear<'_>,
    graded: &mut Graded,
) {
    each(texts, graders, times, hear, graded, &|text, verdicts| {
        refused_otherwise(&text.expectation()?, verdicts).map(|problem| (Rule::Hermetic, problem))
    })
    .await;
}

/// What is wrong with the verdicts on a text, and which rule that breaks.
type Complain<'a> = &'a dyn Fn(&Text<'_>, &[Verdict]) -> Option<(Rule, String)>;

/// Grades each text so many times, and keeps what `complain` says about its verdicts.
async fn each(
    texts: &[Text<'_>],
    graders: &Graders,
    times: usize,
    hear: &Hear<'_>,
    graded: &mut Graded,
    complain: Complain<'_>,
) {
    if times == 0 {
        return;
    }
    let submissions: Vec<(Arc<Exercise>, String)> =
        texts.iter().map(|text| (Arc::clone(text.exercise()), text.source.to_owned())).collect();
    let load = Load::start();
    graders
        .plain
        .repeat_all(&submissions, times, hear.activity, &mut |at, verdicts| {
            let text = &texts[at];
            (hear.done)(&text.exercise().name);
            if verdicts.iter().any(|verdict| graded.broke(verdict)) {
                return;
            }
            let found = complain(text, &verdicts).map(|(rule, problem)| text.found(rule, None, problem));
            graded.findings.extend(found);
        })
        .await;
    drop(load);
}

/// What is wrong with the verdicts on a text that must be accepted each time.
fn refused_now_and_then(verdicts: &[Verdict]) -> Option<String> {
    let first = verdicts.iter().find(|verdict| !verdict.passed())?;
    let refused = verdicts.iter().filter(|verdict| !verdict.passed()).count();
    let said = in_full(first);
    Some(if refused == verdicts.len() {
        format!("must be accepted, but {said}")
    } else {
        format!(
            "is refused {refused} of {} times with every core busy, so a hidden test depends on the machine's speed, or on \
             the values of `pick`: {said}",
            verdicts.len()
        )
    })
}

/// What is wrong with the verdicts on a text that must be refused as expected each time, with one and the same first
/// line. One that never is refused as expected has been told.
fn refused_otherwise(expectation: &Expectation, verdicts: &[Verdict]) -> Option<String> {
    let (expected, other): (Vec<&Verdict>, Vec<&Verdict>) =
        verdicts.iter().partition(|verdict| refused_as(expectation, verdict));
    if expected.is_empty() {
        return None;
    }
    if let Some(first) = other.first() {
        return Some(format!(
            "is refused as expected only {} of {} times with every core busy; else {}",
            expected.len(),
            verdicts.len(),
            summary(first)
        ));
    }
    let reasons: BTreeSet<String> = expected.iter().map(|verdict| reason(expectation, verdict)).collect();
    (reasons.len() > 1).then(|| {
        let reasons: Vec<String> = reasons.into_iter().map(|reason| format!("\"{reason}\"")).collect();
        format!("is refused with {} different first lines: {}", reasons.len(), reasons.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::sample::failed;
    use crate::verdict::{Kind, Status};
    use crate::workbook::Fails;

    fn complaint(verdicts: &[&str]) -> Option<String> {
        let expectation =
            Expectation { fails: Fails::Test("heard".to_owned()), says: "never said".to_owned() };
        let verdicts: Vec<Verdict> =
            verdicts.iter().map(|message| failed(&[("heard", Status::Failed, message)])).collect();
        refused_otherwise(&expectation, &verdicts)
    }

    #[test]
    fn a_wrong_answer_is_refused_each_time_for_one_reason() {
        assert_eq!(complaint(&["never said in 3 ms\nmore", "never said in 40 ms\nless"]), None);
        let now_and_then = complaint(&["never said", "said late", "never said"]).expect("a complaint");
        assert!(now_and_then.starts_with("is refused as expected only 2 of 3 times"), "{now_and_then}");
        assert!(now_and_then.ends_with("heard failed: said late"), "{now_and_then}");
        assert_eq!(
            complaint(&["It was never said.", "Hi was never said."]).as_deref(),
            Some("is refused with 2 different first lines: \"Hi was never said.\"; \"It was never said.\"")
        );
    }

    #[test]
    fn what_is_never_refused_as_expected_is_told_elsewhere() {
        assert_eq!(complaint(&["said late", "said late"]), None);
    }

    #[test]
    fn a_right_answer_that_is_refused_once_is_told_with_the_count() {
        let mut verdicts = vec![failed(&[]); 3];
        verdicts[1..].iter_mut().for_each(|verdict| verdict.kind = Kind::Passed);
        let problem = refused_now_and_then(&verdicts).expect("a complaint");
        assert!(problem.starts_with("is refused 1 of 3 times with every core busy"), "{problem}");
    }
}
