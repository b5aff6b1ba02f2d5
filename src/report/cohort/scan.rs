//! What lies in learners' folders: each file is read and hashed, and only the hash is kept, so that thousands of folders
//! fit into memory. A text is read again when it is graded.

use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::model::{Cell, Claim, Found, Learner};
use super::roster::{Place, Roster};
use crate::report::source::former;
use crate::report::{Recorded, speaks_of};
use crate::workbook::{Exercise, MAX_SOURCE, Step, Workbook};
use crate::workspace::{Folder, Progress, Refusal, hash_of, rfc3339};

/// A learner's workspace is the folder itself, or this one in it.
const BELOW: &str = "tokiolings";
const EXERCISES: &str = "exercises";
const OWN: &str = ".tokiolings";
/// The progress file, and the one before it.
const PROGRESS: [&str; 2] = ["progress.toml", "progress.toml.bak"];

/// Nobody solved anything before Tokio 1.0.
const EARLIEST: &str = "2020-12-23T00:00:00Z";
/// A learner's clock may be in another time zone without knowing it.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// A cohort's folders, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// In the roster's order.
    pub learners: Vec<Learner>,
    /// Each distinct text once, by exercise and hash.
    pub texts: Vec<Text>,
}

/// A distinct text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text {
    /// The exercise's place in the workbook.
    pub exercise: u32,
    /// BLAKE3 of the text, in hexadecimal.
    pub hash: String,
}

/// Reads every folder of a roster; `read` is told of each.
///
/// The caller's other work gets its turn between two folders.
pub async fn scan(workbook: &Workbook, roster: &Roster, read: &dyn Fn(&str)) -> Scanned {
    let latest = rfc3339(SystemTime::now() + AHEAD);
    let steps = workbook.steps().map(|(_, step)| step);
    let exercises: Vec<Known<'_>> = steps
        .filter_map(|step| {
            let exercise = step.as_exercise()?;
            let former = workbook.former_names(&exercise.name).collect();
            Some(Known { step, exercise, starter: hash_of(&exercise.starter), former })
        })
        .collect();
    let mut scan = Scan { workbook, exercises, latest, texts: Vec::new(), numbers: HashMap::new() };
    let mut learners = Vec::with_capacity(roster.places.len());
    for place in &roster.places {
        learners.push(scan.learner(place));
        read(&place.name);
        tokio::task::yield_now().await;
    }
    let order = into_order(&mut learners, &scan.texts);
    Scanned { learners, texts: order.into_iter().map(|at| scan.texts[at].clone()).collect() }
}

/// Reads the text of an exercise again, from whoever of these still has it.
///
/// # Errors
/// Nobody has: what became of the file.
pub(super) fn text_of(
    exercise: &Exercise,
    former_names: &[&str],
    hash: &str,
    places: &[&Place],
) -> Result<String, String> {
    let mut why = "is gone".to_owned();
    for place in places {
        let text = workspace(place).map_err(Refusal::Odd).and_then(|found| {
            let chapter = found.exercises.below(Path::new(&exercise.chapter));
            source(&found.exercises, chapter.as_ref().map_err(Clone::clone), exercise, former_names)
        });
        match text {
            Ok(text) if hash_of(&text) == hash => return Ok(text),
            Ok(_) => why = "was changed while the cohort was graded".to_owned(),
            Err(refusal) => why = refusal.to_string(),
        }
    }
    Err(why)
}

/// Puts texts in order, whoever was read first, so that one run and several merged ones agree. Cells follow; the result
/// is where each text was before.
pub(super) fn into_order<K: Ord>(learners: &mut [Learner], keys: &[K]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
    let mut places = vec![0; keys.len()];
    for (new, old) in (0..).zip(&order) {
        places[*old] = new;
    }
    for cell in learners.iter_mut().filter_map(|learner| learner.cells.as_mut().ok()).flatten() {
        if let Found::Text(at) = &mut cell.found {
            *at = places[*at as usize];
        }
    }
    order
}

struct Known<'w> {
    step: &'w Step,
    exercise: &'w Exercise,
    starter: String,
    /// The names that it had before.
    former: Vec<&'w str>,
}

struct Scan<'w> {
    workbook: &'w Workbook,
    exercises: Vec<Known<'w>>,
    latest: String,
    texts: Vec<Text>,
    numbers: HashMap<(u32, String), u32>,
}

/// A learner's workspace, held open.
struct Opened {
    root: Folder,
    exercises: Folder,
}

impl Scan<'_> {
    fn learner(&mut self, place: &Place) -> Learner {
        let mut learner = Learner {
            name: place.name.clone(),
            path: place.path.clone(),
            extra: place.extra.clone(),
            cells: Ok(Vec::new()),
            notes: place.notes.clone(),
        };
        learner.cells = workspace(place).map(|opened| {
            let mut progress = progress(&opened.root, &mut learner.notes);
            if let Some(progress) = &mut progress {
                progress.carry_over(self.workbook);
            }
            self.cells(&opened.exercises, progress.as_ref())
        });
        learner
    }

    fn cells(&mut self, exercises: &Folder, progress: Option<&Progress>) -> Vec<Cell> {
        let mut chapters: HashMap<&str, Result<Folder, Refusal>> = HashMap::new();
        let mut cells = Vec::with_capacity(self.exercises.len());
        for (number, known) in (0..).zip(&self.exercises) {
            let exercise = known.exercise;
            let chapter = chapters
                .entry(&exercise.chapter)
                .or_insert_with(|| exercises.below(Path::new(&exercise.chapter)));
            let chapter = chapter.as_ref().map_err(Clone::clone);
            let text = source(exercises, chapter, exercise, &known.former);
            let hash = text.map(|text| hash_of(&text));
            let claim =
                progress.map(|progress| claim(progress, known.step, hash.as_deref().ok(), &self.latest));
            let untouched = hash.as_ref() == Ok(&known.starter);
            let found = match hash {
                Ok(hash) => {
                    Found::Text(*self.numbers.entry((number, hash)).or_insert_with_key(|(_, hash)| {
                        self.texts.push(Text { exercise: number, hash: hash.clone() });
                        u32::try_from(self.texts.len() - 1).expect("fewer texts than memory for them")
                    }))
                }
                Err(Refusal::Missing) => Found::Missing,
                Err(refusal) => Found::Unreadable(refusal.to_string()),
            };
            cells.push(Cell { found, untouched, claim });
        }
        cells
    }
}

/// Finds the workspace in a learner's folder, and never above it. The exercises are enough: who never committed the
/// progress file has still solved what is solved.
fn workspace(place: &Place) -> Result<Opened, String> {
    let folder = place.open().map_err(|refusal| format!("the folder {refusal}"))?;
    let exercises = match folder.below(Path::new(EXERCISES)) {
        Err(Refusal::Missing) => {
            let below = Path::new(BELOW);
            let inner = folder.below(below).and_then(|root| Ok((root.below(Path::new(EXERCISES))?, root)));
            return match inner {
                Ok((exercises, root)) => Ok(Opened { root, exercises }),
                Err(Refusal::Missing) => {
                    Err(format!("no workspace in it: neither {EXERCISES}/ nor {BELOW}/{EXERCISES}/"))
                }
                Err(refusal) => Err(format!("{BELOW}/ {refusal}")),
            };
        }
        other => other.map_err(|refusal| format!("{EXERCISES}/ {refusal}"))?,
    };
    Ok(Opened { root: folder, exercises })
}

/// The text of an exercise; the one that was handed in under a former name, if there is none under that of today.
fn source(
    exercises: &Folder,
    chapter: Result<&Folder, Refusal>,
    exercise: &Exercise,
    former_names: &[&str],
) -> Result<String, Refusal> {
    let bytes = match chapter.and_then(|chapter| chapter.read(&format!("{}.rs", exercise.name), MAX_SOURCE)) {
        Err(Refusal::Missing) => match former(exercises, exercise, former_names) {
            Some((_, read)) => read?,
            None => return Err(Refusal::Missing),
        },
        read => read?,
    };
    String::from_utf8(bytes)
        .map_err(|error| Refusal::Odd(format!("is not UTF-8 (byte {})", error.utf8_error().valid_up_to())))
}

/// The progress file, or the one before it; what is odd about them goes to `notes`.
fn progress(root: &Folder, notes: &mut Vec<String>) -> Option<Progress> {
    let own = match root.below(Path::new(OWN)) {
        Ok(own) => own,
        Err(Refusal::Missing) => {
            notes.push("no progress file, so there are no claims".to_owned());
            return None;
        }
        Err(refusal) => {
            notes.push(format!("{OWN}/ {refusal}"));
            return None;
        }
    };
    for name in PROGRESS {
        let read = own.read(name, MAX_SOURCE).map_err(|refusal| refusal.to_string());
        match read.and_then(|bytes| Progress::read(&bytes)) {
            Ok(progress) => return Some(progress),
            Err(why) => notes.push(format!("{OWN}/{name} {why}")),
        }
    }
    None
}

fn claim(progress: &Progress, step: &Step, hash: Option<&str>, latest: &str) -> Claim {
    let recorded = Recorded::of(step, Some(progress));
    let solved_at = recorded.solved_at.filter(|time| is_possible(time, latest));
    Claim {
        recorded: Recorded { solved_at, ..recorded },
        of_this_text: speaks_of(progress.record(step.name()), hash),
    }
}

/// Whether it looks like `2026-02-28T23:59:59Z`, and is neither before its time nor in the future.
fn is_possible(time: &str, latest: &str) -> bool {
    let shape = "0000-00-00T00:00:00Z";
    let shaped = time.len() == shape.len()
        && time.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            mark => byte == mark,
        });
    // Such texts are in the order of the times that they name.
    shaped
        && (EARLIEST..=latest).contains(&time)
        && ("01".."13").contains(&&time[5..7])
        && ("01".."32").contains(&&time[8..10])
}

#[cfg(test)]
mod tests;
