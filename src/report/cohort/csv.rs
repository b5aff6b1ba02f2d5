//! CSV: one row a learner, one column an exercise, for spreadsheets.

use std::io::{self, Write};

use super::help::last;
use super::model::{Cell, Cohort, Column, Found, Learner, Standing};
use crate::report::formats::csv::cell;

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
    let exercises: Vec<String> = cohort.exercises.iter().map(|column| column.name.clone()).collect();
    let ours = [owned(&BEFORE), owned(&BEHIND), exercises.clone()].concat();
    let header = [owned(&BEFORE), carried(&cohort.carried, ours), owned(&BEHIND), exercises].concat();
    for record in std::iter::once(header).chain(cohort.learners.iter().map(|learner| row(cohort, learner))) {
        writer.write_record(record.iter().map(|text| cell(text)))?;
    }
    writer.flush()
}

/// The headers of the roster's columns. One that is there already gets another name: programs that read a table by its
/// headers would take one column for the other.
fn carried(columns: &[String], mut taken: Vec<String>) -> Vec<String> {
    let unlike = |column: &String, taken: &[String]| {
        let header = cell(column).to_lowercase();
        taken.iter().all(|other| cell(other).to_lowercase() != header)
    };
    let mut headers = Vec::with_capacity(columns.len());
    for column in columns {
        let mut header = column.clone();
        while !unlike(&header, &taken) {
            header = format!("roster_{header}");
        }
        taken.push(header.clone());
        headers.push(header);
    }
    headers
}

/// Why the folder could not be graded, or which of its files could not be.
fn problem(cohort: &Cohort, learner: &Learner) -> String {
    let cells = match &learner.cells {
        Ok(cells) => cells,
        Err(problem) => return problem.clone(),
    };
    let odd = |(column, cell): (&Column, &Cell)| {
        let why = match &cell.found {
            Found::Unreadable(why) => Some(why),
            _ => cohort.graded(cell)?.problem.as_ref(),
        };
        why.map(|why| format!("{}: {why}", column.name))
    };
    cohort.exercises.iter().zip(cells).filter_map(odd).collect::<Vec<_>>().join("; ")
}

fn row(cohort: &Cohort, learner: &Learner) -> Vec<String> {
    let cells = learner.cells.as_deref().unwrap_or_default();
    let mut row = vec![learner.name.clone(), learner.path.clone()];
    row.extend(learner.extra.iter().cloned());
    row.extend([
        problem(cohort, learner),
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

    fn read(cohort: &Cohort) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        write_csv(cohort, &mut bytes).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn no_two_columns_have_one_header() {
        let mut cohort = sample::cohort();
        let columns = ["problem", "First", "roster_first", "=x", "'=x", "Roster_problem", "mine"];
        cohort.carried = columns.map(str::to_owned).to_vec();
        for learner in &mut cohort.learners {
            learner.extra = columns.map(str::to_owned).to_vec();
        }
        let header = &read(&cohort)[0];
        assert_eq!(
            header[2..9],
            [
                "roster_problem",
                "roster_First",
                "roster_roster_first",
                "'=x",
                "roster_'=x",
                "roster_Roster_problem",
                "mine"
            ]
        );
        let distinct: std::collections::BTreeSet<String> =
            header.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(distinct.len(), header.len());
    }

    #[test]
    fn what_is_not_read_or_not_graded_says_why() {
        let mut cohort = sample::cohort();
        cohort.submissions[2].kind = crate::verdict::Kind::Broken;
        cohort.submissions[2].problem = Some("no linker".to_owned());
        let rows = read(&cohort);
        let problems: Vec<&str> = rows[1..].iter().map(|row| row[3].as_str()).collect();
        assert_eq!(
            problems,
            ["second: no linker", "", "", "the folder is a symbolic link", "second: is not UTF-8 (byte 0)"]
        );
    }
}
