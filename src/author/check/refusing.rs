//! Whether each hidden test refuses something: an empty body accepts everything, and so does an assertion that fails where
//! nobody hears it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finding::{Finding, Rule};
use super::graded::{Graded, Graders, line_of};
use super::hermetic::{REASON, excused};
use super::order::Hear;
use super::subject::Subject;
use super::texts::hidden_path;
use crate::author::mutate::{Mutant, as_mutated, limit_beside, mutants};
use crate::author::refusal::refused_by;
use crate::grader::{Grader, Source};
use crate::verdict::Verdict;
use crate::workbook::{Exercise, HiddenTest, Implementation};

/// So many mutants of each solution are graded at once. The others are not, when each test in question has refused one.
const AT_ONCE: usize = 16;

/// Tests that have refused neither the starter nor a wrong answer, and mutants of the solution to try them on.
struct Open<'a> {
    exercise: &'a Exercise,
    /// With the limit of a mutant.
    hasty: Arc<Exercise>,
    tests: BTreeSet<&'a str>,
    /// Texts that must not compile, and that the compiler has refused whatever they were compiled against.
    never_compiled: Vec<&'a str>,
    mutants: std::vec::IntoIter<Mutant>,
}

/// Names each test that refuses nothing.
pub(super) async fn each_test(subjects: &[Subject], graders: &Graders, hear: &Hear<'_>, graded: &mut Graded) {
    if graded.broken.is_some() {
        return;
    }
    let mut all: Vec<Open<'_>> = subjects.iter().filter_map(|subject| open(subject, graded)).collect();
    loop {
        let mut round = Vec::new();
        for (at, open) in all.iter_mut().enumerate().filter(|(_, open)| !open.tests.is_empty()) {
            let mutants = open.mutants.by_ref().take(AT_ONCE);
            round
                .extend(mutants.map(|mutant| (at, (Arc::clone(&open.hasty), Source::Text(mutant.source())))));
        }
        if round.is_empty() {
            break;
        }
        let (places, submissions): (Vec<usize>, Vec<_>) = round.into_iter().unzip();
        graders
            .plain
            .grade_all(&submissions, hear.activity, &mut |index, verdict| {
                if !graded.broke(&verdict) {
                    all[places[index]].strike(&verdict);
                }
            })
            .await;
        if graded.broken.is_some() {
            return;
        }
    }
    for Open { exercise, tests, never_compiled, .. } in all {
        graded.findings.extend(tests.into_iter().map(|test| refuses_nothing(exercise, test)));
        graded.findings.extend(never_compiled.into_iter().map(|test| compiles_with_nothing(exercise, test)));
    }
}

/// The tests of an exercise that have yet to refuse something. None where an answer or the solution has a fault that says
/// more.
fn open<'a>(subject: &'a Subject, graded: &Graded) -> Option<Open<'a>> {
    let exercise = subject.exercise.as_ref();
    let refusing = graded.refusing.get(&exercise.name)?;
    // No accepted answer was timed if none was accepted.
    let slowest = graded.slowest.get(&exercise.name)?;
    let unsolved = graded
        .findings
        .iter()
        .any(|finding| finding.rule == Rule::Solution && finding.exercise.as_ref() == Some(&exercise.name));
    if unsolved || subject.unreadable.wrong > 0 {
        return None;
    }
    // What a step before has brought along, it has proven.
    let open = |test: &&HiddenTest| !test.is_of_a_step_before() && !refusing.contains(&test.name);
    let tests: BTreeSet<&str> =
        exercise.hidden.functions().filter(open).map(|test| test.name.as_str()).collect();
    // No slip of the pen makes such a text compile: a wrong answer has to.
    let texts = exercise.hidden.tests().iter().filter(|test| test.refusal.is_some());
    let never_compiled = texts.filter(open).map(|test| test.name.as_str()).collect();
    let mutants = if tests.is_empty() || exercise.subject.is_some() {
        Vec::new()
    } else {
        // A solution that does not parse has been refused.
        mutants(&exercise.solution, exercise.program).unwrap_or_default()
    };
    let hasty = as_mutated(exercise, limit_beside(exercise, slowest.seconds));
    Some(Open { exercise, hasty: Arc::new(hasty), tests, never_compiled, mutants: mutants.into_iter() })
}

impl Open<'_> {
    /// Takes the tests off that refuse a mutant.
    fn strike(&mut self, verdict: &Verdict) {
        for test in refused_by(verdict) {
            self.tests.remove(test);
        }
    }
}

fn refuses_nothing(exercise: &Exercise, test: &str) -> Finding {
    let hidden = exercise.hidden.tests().iter().find(|hidden| hidden.name == test);
    let problem = match hidden.and_then(|hidden| hidden.implementation.as_ref()) {
        Some(Implementation::Right) => format!(
            "`{test}` passes the tests of the starter and of each wrong answer, so nothing shows that it refuses \
             anything: add a wrong answer with a test that fails on it, or delete it"
        ),
        Some(Implementation::Mutant { .. }) => format!(
            "`{test}` is found by the starter and by each wrong answer, so nothing shows that tests can miss it: add a wrong answer \
             whose tests all pass on it, or delete it"
        ),
        None => unable(test),
    };
    Finding::of(exercise, Rule::Tests, hidden_path(exercise), line_of(exercise, test), problem)
}

fn unable(test: &str) -> String {
    format!(
        "`{test}` refuses neither the starter, nor a wrong answer, nor a mutant of the solution: add a wrong answer that it must \
         refuse, or delete the test"
    )
}

fn compiles_with_nothing(exercise: &Exercise, test: &str) -> Finding {
    let problem = format!(
        "`{test}` compiles with neither the starter nor a wrong answer, so nothing shows that it finds a mistake: add a wrong \
         answer with which it does compile, or delete it"
    );
    Finding::of(exercise, Rule::Tests, hidden_path(exercise), line_of(exercise, test), problem)
}

/// Names each panic of a hidden test's own code that failed nothing, whatever was graded.
pub(super) fn lost_panics(subjects: &[Subject], grader: &Grader, graded: &mut Graded) {
    let mut told = BTreeSet::new();
    for lost in grader.lost_panics() {
        let Some(subject) = subjects.iter().find(|subject| subject.exercise.name == lost.exercise) else {
            continue;
        };
        let exercise = subject.exercise.as_ref();
        if excused(&exercise.hidden.source, lost.line) || !told.insert((lost.exercise.clone(), lost.line)) {
            continue;
        }
        let problem = format!(
            "panics in a task or a thread that nothing awaits, but `{}` still passes: \"{}\"; await the task's \
             handle and unwrap what it gives, or say in `// {REASON} <reason>` above the line why the panic is meant",
            lost.test, lost.message
        );
        graded.findings.push(Finding::of(exercise, Rule::Tests, hidden_path(exercise), lost.line, problem));
    }
}
