//! What changed since a former run. Pure; learners and exercises are matched by name.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::model::{Cell, Cohort, Learner, Standing};
use crate::screen::counted;

/// What changed since a former run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    /// When the former run ended; RFC 3339, UTC.
    pub finished_at: String,
    /// Whether the workbook was another one then, so that other tests may have decided.
    pub other_workbook: bool,
    /// Learners with a change: most newly stuck first.
    pub changes: Vec<Change>,
    /// Places in [`Cohort::learners`] of those who were not there.
    pub joined: Vec<usize>,
    /// Names of those who are no longer there.
    pub left: Vec<String>,
}

/// What changed for one learner. All numbers are places in [`Cohort::exercises`], and each is in one list alone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change {
    /// The place in [`Cohort::learners`].
    pub learner: usize,
    /// Solved now, and not then.
    pub solved: Vec<usize>,
    /// Tried and not solved now; then not tried, or solved.
    pub stuck: Vec<usize>,
    /// Solved then; now neither solved nor tried: put back to the starter, or gone.
    pub lost: Vec<usize>,
}

/// Names of exercises of one kind that a line tells; the page's details hold all of them.
const NAMED: usize = 3;

/// Whether a former run can be compared with the share of that number and count, or with a whole cohort.
///
/// # Errors
/// Why not.
pub fn comparable(former: &Cohort, share: Option<(usize, usize)>) -> Result<(), String> {
    match former.share.as_ref().map(|share| (share.number, share.of)) {
        Some((number, of)) if share != Some((number, of)) => Err(format!(
            "it is share {number}/{of}, so most learners would look new; join all shares with `cohort merge` first"
        )),
        _ => Ok(()),
    }
}

/// Compares a cohort with a former run of it.
///
/// # Errors
/// Why the two are not [`comparable`].
pub fn since(now: &Cohort, former: &Cohort) -> Result<Since, String> {
    comparable(former, now.share.as_ref().map(|share| (share.number, share.of)))?;
    let then: HashMap<&str, &Learner> =
        former.learners.iter().map(|learner| (learner.name.as_str(), learner)).collect();
    let places: HashMap<&str, usize> =
        former.exercises.iter().enumerate().map(|(at, column)| (column.name.as_str(), at)).collect();
    let columns: Vec<Option<usize>> =
        now.exercises.iter().map(|column| places.get(column.name.as_str()).copied()).collect();
    let mut since = Since {
        finished_at: former.run.finished_at.clone(),
        other_workbook: former.workbook != now.workbook,
        ..Since::default()
    };
    for (at, learner) in now.learners.iter().enumerate() {
        let Some(before) = then.get(learner.name.as_str()) else {
            since.joined.push(at);
            continue;
        };
        let (Ok(cells), Ok(before)) = (&learner.cells, &before.cells) else { continue };
        let mut change = Change { learner: at, ..Change::default() };
        for (exercise, (cell, column)) in cells.iter().zip(&columns).enumerate() {
            let before = column.and_then(|column| before.get(column));
            if let Some(list) = before.and_then(|before| change.list(now, cell, former, before)) {
                list.push(exercise);
            }
        }
        if !change.solved.is_empty() || !change.stuck.is_empty() || !change.lost.is_empty() {
            since.changes.push(change);
        }
    }
    since.changes.sort_by_key(|change| {
        (Reverse(change.stuck.len()), Reverse(change.lost.len()), Reverse(change.solved.len()))
    });
    let still: BTreeSet<&str> = now.learners.iter().map(|learner| learner.name.as_str()).collect();
    let elsewhere: BTreeSet<&str> =
        now.share.iter().flat_map(|share| &share.everybody).map(String::as_str).collect();
    let left = former.learners.iter().map(|learner| learner.name.as_str());
    since.left =
        left.filter(|name| !still.contains(name) && !elsewhere.contains(name)).map(str::to_owned).collect();
    Ok(since)
}

impl Change {
    /// The list that a cell belongs to. Where either run could not tell, nothing is said to have changed.
    fn list(&mut self, now: &Cohort, cell: &Cell, former: &Cohort, before: &Cell) -> Option<&mut Vec<usize>> {
        let (is, was) = (now.standing(cell), former.standing(before));
        if is == Standing::Broken || was == Standing::Broken {
            return None;
        }
        let passed = Standing::Passed;
        match (was, is) {
            (was, is) if is == passed && was != passed => Some(&mut self.solved),
            (was, is) if is.stuck() && !was.stuck() => Some(&mut self.stuck),
            (was, is) if was == passed && is != passed => Some(&mut self.lost),
            _ => None,
        }
    }

    /// In words, one for each kind of change: "newly stuck on `a`, `b`". With `all`, no name is left out.
    #[must_use]
    pub fn words(&self, cohort: &Cohort, all: bool) -> Vec<String> {
        let most = if all { usize::MAX } else { NAMED };
        [("newly stuck on", &self.stuck), ("no longer solved:", &self.lost), ("newly solved:", &self.solved)]
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(what, list)| format!("{what} {}", names(cohort, list, most)))
            .collect()
    }
}

impl Since {
    /// The day of the former run.
    #[must_use]
    pub fn day(&self) -> &str {
        self.finished_at.get(..10).unwrap_or(&self.finished_at)
    }

    /// All changes in one sentence.
    #[must_use]
    pub fn totals(&self) -> String {
        let sum = |list: fn(&Change) -> &Vec<usize>| -> usize {
            self.changes.iter().map(|change| list(change).len()).sum()
        };
        let mut totals = format!(
            "{} newly solved, {} newly stuck, {} no longer solved",
            sum(|change| &change.solved),
            sum(|change| &change.stuck),
            sum(|change| &change.lost)
        );
        for (people, what) in [(self.joined.len(), "new"), (self.left.len(), "gone")] {
            if people > 0 {
                let are = if people == 1 { "is" } else { "are" };
                totals.push_str(&format!("; {} {are} {what}", counted(people, "learner")));
            }
        }
        totals + "."
    }
}

/// The first names of a list of exercises, and how many others there are.
pub(super) fn names(cohort: &Cohort, list: &[usize], most: usize) -> String {
    let shown: Vec<&str> =
        list.iter().take(most).map(|exercise| cohort.exercises[*exercise].name.as_str()).collect();
    match list.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{Found, Share};
    use super::super::sample;
    use super::*;

    #[test]
    fn each_change_is_in_one_list() {
        let since = since(&sample::cohort(), &sample::former()).unwrap();
        let stuck = Change { learner: 0, stuck: vec![1], ..Change::default() };
        let solved = Change { learner: 2, solved: vec![1], ..Change::default() };
        assert_eq!(since.changes, [stuck, solved], "who is newly stuck comes first");
        assert_eq!((since.joined.as_slice(), since.left.as_slice()), (&[4][..], &["dave".to_owned()][..]));
        assert!(!since.other_workbook);
        assert_eq!(
            since.totals(),
            "1 newly solved, 1 newly stuck, 0 no longer solved; 1 learner is new; 1 learner is gone."
        );
        assert_eq!(since.changes[0].words(&sample::cohort(), false), ["newly stuck on second"]);
    }

    #[test]
    fn a_solution_that_is_gone_is_lost_and_what_could_not_be_graded_has_not_changed() {
        let former = sample::cohort();
        let mut now = sample::cohort();
        now.learners[2].cells.as_mut().unwrap()[1].found = Found::Missing;
        assert_eq!(
            since(&now, &former).unwrap().changes,
            [Change { learner: 2, lost: vec![1], ..Change::default() }]
        );
        now.learners[2].cells = Err("the folder does not exist".to_owned());
        now.submissions[1].kind = crate::verdict::Kind::Broken;
        assert_eq!(since(&now, &former).unwrap().changes, []);
    }

    #[test]
    fn exercises_are_found_by_name_and_another_workbook_is_told() {
        let mut former = sample::former();
        former.workbook = "4567".to_owned();
        former.exercises.swap(0, 1);
        for graded in &mut former.submissions {
            graded.exercise = 1 - graded.exercise;
        }
        for learner in &mut former.learners {
            if let Ok(cells) = &mut learner.cells {
                cells.swap(0, 1);
            }
        }
        let since = since(&sample::cohort(), &former).unwrap();
        assert!(since.other_workbook);
        assert_eq!(since.changes.len(), 2);
        former.exercises[0].name = "renamed".to_owned();
        assert_eq!(
            super::since(&sample::cohort(), &former).unwrap().changes,
            [],
            "a new exercise is no change"
        );
    }

    #[test]
    fn a_share_is_compared_with_the_same_share_or_the_whole() {
        let share = |number| Some(Share { number, of: 2, everybody: vec!["alice".into(), "dave".into()] });
        let (mut now, mut former) = (sample::cohort(), sample::former());
        former.share = share(1);
        let refused = since(&now, &former).unwrap_err();
        assert!(refused.starts_with("it is share 1/2") && refused.contains("cohort merge"), "{refused}");
        now.share = share(2);
        assert!(since(&now, &former).is_err());
        now.share = share(1);
        assert!(since(&now, &former).is_ok());
        former.share = None;
        assert_eq!(since(&now, &former).unwrap().left, Vec::<String>::new(), "dave is in another share");
    }
}
