//! A cohort, graded: each distinct text once, side by side, with what is known already taken from the journal.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use futures_util::stream::{self, StreamExt};

use super::journal::{Journal, Opened};
use super::model::{Cell, Cohort, Column, Found, Graded, Learner, Run};
use super::roster::{Place, Roster};
use super::scan::{Scanned, Text, text_of};
use super::{Error, edition};
use crate::grader::{Activity, Grader, Source, Watcher};
use crate::verdict::{Broken, Verdict};
use crate::workbook::{Exercise, Workbook};
use crate::workspace::rfc3339;

/// Gradings in flight: many sleep until a hidden test's limit, and each compiles by itself.
const IN_FLIGHT: usize = 16;

/// What a run starts from.
pub struct Grading<'a> {
    /// Grades.
    pub grader: &'a Grader,
    /// Whether it does so behind walls.
    pub confined: bool,
    /// Whom to grade.
    pub roster: Roster,
    /// What lies in their folders.
    pub scanned: Scanned,
    /// What an interrupted run has found.
    pub opened: Opened,
    /// When the run began.
    pub started: (SystemTime, Instant),
}

/// The exercises of a workbook, as columns.
#[must_use]
pub fn columns(workbook: &Workbook) -> Vec<Column> {
    let column = |exercise: &Arc<Exercise>| Column {
        name: exercise.name.clone(),
        chapter: exercise.chapter.clone(),
        chapter_title: workbook
            .chapter(&exercise.chapter)
            .map_or(String::new(), |chapter| chapter.title.clone()),
        core: exercise.core,
        points: exercise.points,
    };
    workbook.exercises().map(column).collect()
}

/// Grades what is not known yet; `done` is told the exercise of each text. The journal is the caller's to remove, once
/// the results are written.
///
/// Dropping the future stops all gradings; what was found so far is in the journal.
///
/// # Errors
/// The machine lacks something, or the journal cannot be written.
pub async fn grade(
    grading: Grading<'_>,
    preparing: Watcher<'_>,
    done: &dyn Fn(&str),
) -> Result<(Cohort, Journal), Error> {
    let Grading { grader, confined, roster, scanned, opened, started } = grading;
    let workbook = grader.workbook();
    let (exercises, columns): (Vec<Arc<Exercise>>, _) =
        (workbook.exercises().cloned().collect(), columns(workbook));
    let Opened { mut journal, known, .. } = opened;
    let mut known: HashMap<(u32, String), Graded> =
        known.into_iter().map(|graded| ((graded.exercise, graded.hash.clone()), graded)).collect();
    let mut found: Vec<Option<Graded>> =
        scanned.texts.iter().map(|text| known.remove(&(text.exercise, text.hash.clone()))).collect();
    for graded in found.iter().flatten() {
        done(&columns[graded.exercise as usize].name);
    }
    let resumed = found.iter().flatten().count();
    let open: Vec<usize> = (0..found.len()).filter(|at| found[*at].is_none()).collect();
    prepare(grader, &exercises, open.iter().map(|at| &scanned.texts[*at]), preparing).await?;
    let holders = Holders { roster: &roster, learners: &scanned.learners };
    let mut gradings = stream::iter(&open)
        .map(|at| {
            let text = &scanned.texts[*at];
            let (exercise, holders) = (&exercises[text.exercise as usize], &holders);
            async move { (*at, holders.grade(grader, exercise, text, *at).await) }
        })
        .buffer_unordered(IN_FLIGHT);
    let mut gone: HashMap<usize, String> = HashMap::new();
    while let Some((at, verdict)) = gradings.next().await {
        let Text { exercise, hash } = &scanned.texts[at];
        match verdict {
            Ok(verdict) => {
                let graded = Graded::of(*exercise, hash, &verdict);
                journal.add(&graded, &columns)?;
                found[at] = Some(graded);
            }
            Err(why) => {
                gone.insert(at, why);
            }
        }
        done(&columns[*exercise as usize].name);
    }
    drop(gradings);
    let graded = open.len() - gone.len();
    let Scanned { mut learners, .. } = scanned;
    let submissions = close_gaps(&mut learners, found, &gone);
    let run = Run {
        started_at: rfc3339(started.0),
        finished_at: rfc3339(SystemTime::now()),
        seconds: started.1.elapsed().as_millis() as f64 / 1000.0,
        graded,
        resumed,
    };
    let cohort = Cohort {
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        title: workbook.title.clone(),
        workbook: edition(workbook),
        confined,
        exercises: columns,
        carried: roster.carried,
        learners,
        submissions,
        share: roster.share,
        run,
    };
    Ok((cohort, journal))
}

/// Builds what the texts need before the first of them, so that a machine without a linker says so once.
async fn prepare(
    grader: &Grader,
    exercises: &[Arc<Exercise>],
    texts: impl Iterator<Item = &Text>,
    watch: &(dyn Fn(Activity) + Send + Sync),
) -> Result<(), Error> {
    let mut tiers: Vec<Option<&str>> = Vec::new();
    for text in texts {
        let exercise = &exercises[text.exercise as usize];
        if !tiers.contains(&exercise.needs.as_deref()) {
            tiers.push(exercise.needs.as_deref());
            grader.prepare(exercise, watch).await.map_err(|broken: Broken| Error::Machine(broken))?;
        }
    }
    Ok(())
}

/// Who has which text.
struct Holders<'a> {
    roster: &'a Roster,
    learners: &'a [Learner],
}

impl Holders<'_> {
    async fn grade(
        &self,
        grader: &Grader,
        exercise: &Arc<Exercise>,
        text: &Text,
        at: usize,
    ) -> Result<Verdict, String> {
        let former: Vec<&str> = grader.workbook().former_names(&exercise.name).collect();
        let source = text_of(exercise, &former, &text.hash, &self.of(text.exercise, at))?;
        Ok(grader.grade(exercise, &Source::Text(source), &|_| {}).await)
    }

    fn of(&self, exercise: u32, at: usize) -> Vec<&Place> {
        let holds = |learner: &Learner| {
            let cell = learner.cells.as_ref().ok().and_then(|cells| cells.get(exercise as usize));
            cell.is_some_and(|cell| matches!(cell.found, Found::Text(text) if text as usize == at))
        };
        self.learners
            .iter()
            .zip(&self.roster.places)
            .filter(|(l, _)| holds(l))
            .map(|(_, place)| place)
            .collect()
    }
}

/// Texts that nobody has any more leave the list, and their cells say why.
fn close_gaps(
    learners: &mut [Learner],
    found: Vec<Option<Graded>>,
    gone: &HashMap<usize, String>,
) -> Vec<Graded> {
    let mut places = Vec::with_capacity(found.len());
    let mut next = 0;
    for graded in &found {
        places.push(next);
        next += u32::from(graded.is_some());
    }
    let cells = learners.iter_mut().filter_map(|learner| learner.cells.as_mut().ok()).flatten();
    for Cell { found, untouched, .. } in cells {
        let Found::Text(at) = found else { continue };
        let at = *at as usize;
        match gone.get(&at) {
            None => *found = Found::Text(places[at]),
            Some(why) => {
                *found = Found::Unreadable(why.clone());
                *untouched = false;
            }
        }
    }
    found.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_text_that_is_gone_leaves_no_gap() {
        let mut cohort = sample::cohort();
        let mut found: Vec<Option<Graded>> = cohort.submissions.iter().cloned().map(Some).collect();
        found[1] = None;
        let gone = HashMap::from([(1, "is gone".to_owned())]);
        cohort.submissions = close_gaps(&mut cohort.learners, found, &gone);
        let hashes: Vec<&str> = cohort.submissions.iter().map(|graded| graded.hash.as_str()).collect();
        assert_eq!(hashes, ["aaaa", "cccc", "dddd"]);
        let first = cohort.learners[0].cells.as_deref().unwrap();
        assert_eq!(first[0].found, Found::Unreadable("is gone".into()));
        assert_eq!(cohort.graded(&first[1]).unwrap().hash, "cccc");
        let alice = cohort.learners[2].cells.as_deref().unwrap();
        assert_eq!(cohort.graded(&alice[1]).unwrap().hash, "dddd");
    }
}
