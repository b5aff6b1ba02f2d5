//! The shares of several machines, joined. Pure: what does not belong together is refused, with files and learners named.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Error;
use super::model::{Cohort, Found, Graded, Run, Share};
use super::order::by_name;
use super::scan::into_order;

/// One file to merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its name, for messages.
    pub file: String,
    /// What it holds.
    pub cohort: Cohort,
}

/// So many learners are named in one message.
const NAMED: usize = 5;

/// Joins shares into the cohort that one run would have found. The second value says which texts two shares judged
/// differently, as a busy machine can; the judgement that would come again is kept.
///
/// # Errors
/// All that does not fit: another workbook or version, somebody in two files, somebody in none.
pub fn merge(parts: Vec<Part>) -> Result<(Cohort, Vec<String>), Error> {
    let mut problems = differences(&parts);
    if problems.is_empty() {
        problems = overlaps(&parts);
        problems.extend(gaps(&parts));
    }
    if !problems.is_empty() {
        return Err(Error::Merge(problems));
    }
    Ok(join(parts))
}

/// What must be the same in all files, and is not.
fn differences(parts: &[Part]) -> Vec<String> {
    let Some((first, rest)) = parts.split_first() else { return vec!["no file was named".to_owned()] };
    let mut problems = Vec::new();
    for part in rest {
        let (a, b) = (&first.cohort, &part.cohort);
        let mut differ = |what: &str, here: &str, there: &str| {
            if here != there {
                problems.push(format!("{}: {what} {here}, but {}: {there}", first.file, part.file));
            }
        };
        differ("workbook", &workbook(a), &workbook(b));
        differ("tokiolings", &a.tool, &b.tool);
        differ("walls", walls(a), walls(b));
        differ("columns", &a.carried.join(", "), &b.carried.join(", "));
        differ("share of", &shares(a), &shares(b));
        let everybody = |cohort: &Cohort| -> BTreeSet<String> {
            cohort.share.iter().flat_map(|share| share.everybody.iter().cloned()).collect()
        };
        let (here, there) = (everybody(a), everybody(b));
        for (one, other, file, without) in
            [(&here, &there, &first.file, &part.file), (&there, &here, &part.file, &first.file)]
        {
            let missing: Vec<&str> = one.difference(other).map(String::as_str).collect();
            if !missing.is_empty() {
                problems
                    .push(format!("{file} has learners that {without} does not have: {}", named(&missing)));
            }
        }
    }
    problems
}

fn workbook(cohort: &Cohort) -> String {
    format!("`{}` {}", cohort.title, cohort.workbook)
}

fn walls(cohort: &Cohort) -> &'static str {
    if cohort.confined { "confined" } else { "unconfined" }
}

fn shares(cohort: &Cohort) -> String {
    cohort.share.as_ref().map_or("a whole cohort".to_owned(), |share| share.of.to_string())
}

/// Shares and learners that are there twice.
fn overlaps(parts: &[Part]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut numbers: BTreeMap<usize, &str> = BTreeMap::new();
    let mut holders: BTreeMap<&str, &str> = BTreeMap::new();
    for part in parts {
        let Some(Share { number, of, .. }) = &part.cohort.share else {
            if parts.len() > 1 {
                problems.push(format!("{} is a whole cohort: there is nothing to join it with", part.file));
            }
            continue;
        };
        if let Some(other) = numbers.insert(*number, &part.file) {
            problems.push(format!("{other} and {} are both share {number}/{of}", part.file));
        }
        let mut twice: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for learner in &part.cohort.learners {
            if let Some(other) = holders.insert(&learner.name, &part.file) {
                twice.entry(other).or_default().push(&learner.name);
            }
        }
        for (other, names) in twice {
            problems.push(format!("{other} and {} both contain {}", part.file, named(&names)));
        }
    }
    problems
}

/// Shares and learners that are nowhere.
fn gaps(parts: &[Part]) -> Vec<String> {
    let Some(Share { of, everybody, .. }) = parts.first().and_then(|part| part.cohort.share.as_ref()) else {
        return Vec::new();
    };
    let there: BTreeSet<usize> =
        parts.iter().filter_map(|part| part.cohort.share.as_ref()).map(|share| share.number).collect();
    let mut problems = Vec::new();
    let absent: Vec<String> =
        (1..=*of).filter(|number| !there.contains(number)).map(|number| format!("{number}/{of}")).collect();
    if !absent.is_empty() {
        problems.push(format!("no file is share {}", absent.join(", ")));
    }
    let held: BTreeSet<&str> =
        parts.iter().flat_map(|part| &part.cohort.learners).map(|learner| learner.name.as_str()).collect();
    let missing: Vec<&str> =
        everybody.iter().map(String::as_str).filter(|name| !held.contains(name)).collect();
    if !missing.is_empty() {
        problems.push(format!("no file contains {}", named(&missing)));
    }
    problems
}

fn named(names: &[&str]) -> String {
    let shown: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn join(mut parts: Vec<Part>) -> (Cohort, Vec<String>) {
    parts.sort_by_key(|part| part.cohort.share.as_ref().map(|share| share.number));
    let (mut whole, mut doubts) = (Cohort::default(), Vec::new());
    let mut texts = Texts::default();
    let (mut learners, mut runs) = (Vec::new(), Vec::new());
    for Part { file, mut cohort } in parts {
        let mut places = Vec::with_capacity(cohort.submissions.len());
        for graded in std::mem::take(&mut cohort.submissions) {
            let name = &cohort.exercises[graded.exercise as usize].name;
            places.push(
                texts.add(graded, |was, is| doubts.push(format!("{name} {is} in {file}, {was} before"))),
            );
        }
        for mut learner in std::mem::take(&mut cohort.learners) {
            for cell in learner.cells.as_deref_mut().unwrap_or_default() {
                if let Found::Text(at) = &mut cell.found {
                    *at = places[*at as usize];
                }
            }
            learners.push(learner);
        }
        runs.push(std::mem::take(&mut cohort.run));
        whole = Cohort { share: None, ..cohort };
    }
    by_name(&mut learners, |learner| &learner.name);
    let keys: Vec<(u32, String)> =
        texts.graded.iter().map(|graded| (graded.exercise, graded.hash.clone())).collect();
    let order = into_order(&mut learners, &keys);
    let mut graded: Vec<Option<Graded>> = texts.graded.into_iter().map(Some).collect();
    whole.submissions = order.into_iter().filter_map(|at| graded[at].take()).collect();
    whole.learners = learners;
    whole.run = sum(runs);
    (whole, doubts)
}

/// The distinct texts of all parts.
#[derive(Default)]
struct Texts {
    graded: Vec<Graded>,
    numbers: HashMap<(u32, String), u32>,
}

impl Texts {
    /// Gives a text its number; `differ` is told when it was judged in another way before.
    fn add(&mut self, graded: Graded, differ: impl FnOnce(&str, &str)) -> u32 {
        let next = u32::try_from(self.graded.len()).expect("fewer texts than memory for them");
        let number = *self.numbers.entry((graded.exercise, graded.hash.clone())).or_insert(next);
        match self.graded.get_mut(number as usize) {
            None => self.graded.push(graded),
            Some(known) if known.kind != graded.kind => {
                differ(known.kind.as_str(), graded.kind.as_str());
                if graded.repeatable() && !known.repeatable() {
                    *known = graded;
                }
            }
            Some(_) => {}
        }
        number
    }
}

fn sum(runs: Vec<Run>) -> Run {
    let mut sum = Run::default();
    for run in runs {
        if sum.started_at.is_empty() || run.started_at < sum.started_at {
            sum.started_at = run.started_at;
        }
        sum.finished_at = sum.finished_at.max(run.finished_at);
        sum.seconds += run.seconds;
        sum.graded += run.graded;
        sum.resumed += run.resumed;
    }
    sum
}

#[cfg(test)]
mod tests;
