//! CSV: one row a learner, one column an exercise, for spreadsheets.

use std::io::{self, Write};

use super::help::last;
use super::model::{Cohort, Learner, Standing};
use crate::report::csv::defused;

/// The columns before the exercises; the roster's own follow the first two.
const BEFORE: [&str; 2] = ["name", "path"];
const BEHIND: [&str; 8] =
    ["problem", "passed", "of", "points", "max_points", "refuted_claims", "last_solved_at", "review"];

/// Writes the cohort with a header, UTF-8, lines ended as RFC 4180 asks. No cell is run as a formula.
///
/// # Errors
/// The writer's.
pub fn write_csv(cohort: &Cohort, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let exercises = cohort.exercises.iter().map(|column| column.name.clone()).collect();
    let header = [owned(&BEFORE), cohort.carried.clone(), owned(&BEHIND), exercises].concat();
    for record in std::iter::once(header).chain(cohort.learners.iter().map(|learner| row(cohort, learner))) {
        writer.write_record(record.iter().map(|cell| defused(cell).into_owned()))?;
    }
    writer.flush()
}

fn row(cohort: &Cohort, learner: &Learner) -> Vec<String> {
    let cells = learner.cells.as_deref().unwrap_or_default();
    let mut row = vec![learner.name.clone(), learner.path.clone()];
    row.extend(learner.extra.iter().cloned());
    row.extend([
        learner.cells.as_ref().err().cloned().unwrap_or_default(),
        cohort.count(learner, Standing::Passed).to_string(),
        cohort.exercises.len().to_string(),
        cohort.points(learner).to_string(),
        cohort.max_points().to_string(),
        cells.iter().filter(|cell| cohort.refuted(cell)).count().to_string(),
        last(cohort, learner).map_or(String::new(), |(_, time)| time.to_owned()),
        reviews(cohort, learner),
    ]);
    // A folder that could not be graded has empty cells: nothing is known about them.
    let standing = |at: usize| cells.get(at).map_or("", |cell| cohort.standing(cell).as_str());
    row.extend((0..cohort.exercises.len()).map(|at| standing(at).to_owned()));
    row
}

/// What somebody should look at, with the exercise that it is in.
fn reviews(cohort: &Cohort, learner: &Learner) -> String {
    let cells = cohort.exercises.iter().zip(learner.cells.as_deref().unwrap_or_default());
    let review = |cell| cohort.graded(cell).and_then(|graded| graded.review.as_deref());
    let reviews = cells.filter_map(|(column, cell)| Some(format!("{}: {}", column.name, review(cell)?)));
    reviews.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_row_a_learner_and_nothing_that_runs() {
        let mut cohort = sample::cohort();
        cohort.carried.push("@cmd".into());
        for learner in &mut cohort.learners {
            learner.extra.push("-2+3".into());
        }
        let mut bytes = Vec::new();
        write_csv(&cohort, &mut bytes).unwrap();
        insta::assert_snapshot!(String::from_utf8(bytes).unwrap());
    }
}
