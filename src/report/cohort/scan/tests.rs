use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::super::model::Standing;
use super::*;
use crate::workspace::{Workspace, hidden_hash};

/// A folder of learners, each set up with the built-in workbook.
struct Cohort {
    dir: TempDir,
    workbook: Workbook,
}

impl Cohort {
    fn of(names: &[&str]) -> Self {
        let cohort = Self { dir: tempfile::tempdir().unwrap(), workbook: Workbook::builtin().unwrap() };
        for name in names {
            Workspace::init(&cohort.dir.path().join(name), &cohort.workbook).unwrap();
        }
        cohort
    }

    fn exercise(&self, at: usize) -> &Exercise {
        self.workbook.exercises().nth(at).unwrap()
    }

    fn file(&self, learner: &str, at: usize) -> PathBuf {
        self.dir.path().join(learner).join(self.exercise(at).path())
    }

    fn scan(&self) -> Scanned {
        let roster = Roster::of_folder(self.dir.path()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(scan(&self.workbook, &roster, &|_| {}))
    }
}

fn cells(scanned: &Scanned, at: usize) -> &[Cell] {
    scanned.learners[at].cells.as_deref().unwrap()
}

#[test]
fn equal_texts_are_one_and_come_in_the_workbooks_order() {
    let cohort = Cohort::of(&["a", "b", "c"]);
    for learner in ["a", "c"] {
        fs::write(cohort.file(learner, 0), &cohort.exercise(0).solution).unwrap();
    }
    let scanned = cohort.scan();
    let count = cohort.workbook.exercises().count();
    assert_eq!(scanned.texts.len(), count + 1);
    assert!(scanned.texts.is_sorted());
    assert_eq!(cells(&scanned, 0)[0], cells(&scanned, 2)[0]);
    assert_ne!(cells(&scanned, 0)[0].found, cells(&scanned, 1)[0].found);
    assert!(!cells(&scanned, 0)[0].untouched && cells(&scanned, 1)[0].untouched);
    let Found::Text(at) = cells(&scanned, 1)[0].found else { panic!("a text") };
    assert_eq!(scanned.texts[at as usize].hash, hash_of(&cohort.exercise(0).starter));
}

/// Puts a link to a secret there; gives what is said of it.
#[cfg(unix)]
fn place(secret: &Path, odd: &Path) -> &'static str {
    std::os::unix::fs::symlink(secret, odd).unwrap();
    "is a symbolic link, which is not followed"
}

/// Links take a right that tests may lack: a folder is there.
#[cfg(windows)]
fn place(_secret: &Path, odd: &Path) -> &'static str {
    fs::create_dir(odd).unwrap();
    "is not an ordinary file"
}

#[test]
fn what_is_no_submission_says_so_and_nothing_outside_is_read() {
    let cohort = Cohort::of(&["a"]);
    let secret = cohort.dir.path().join(".secret");
    fs::write(&secret, "fn secret() {}").unwrap();
    let [gone, odd, large, binary] = [0, 1, 2, 3].map(|at| cohort.file("a", at));
    fs::remove_file(gone).unwrap();
    fs::remove_file(&odd).unwrap();
    let says = place(&secret, &odd);
    fs::write(large, vec![b' '; usize::try_from(MAX_SOURCE).unwrap() + 1]).unwrap();
    fs::write(binary, b"ok \xff").unwrap();
    let scanned = cohort.scan();
    let cells = cells(&scanned, 0);
    let odd = |at: usize| match &cells[at].found {
        Found::Unreadable(why) => why.as_str(),
        other => panic!("{other:?}"),
    };
    assert_eq!(cells[0].found, Found::Missing);
    assert_eq!(odd(1), says);
    assert!(odd(2).starts_with("is larger than"));
    assert_eq!(odd(3), "is not UTF-8 (byte 3)");
    assert!(matches!(cells[4].found, Found::Text(_)));
}

#[test]
fn a_step_that_was_renamed_has_the_text_and_the_claim_of_its_former_name() {
    let mut cohort = Cohort::of(&["a", "b"]);
    let (name, path) = (cohort.exercise(0).name.clone(), cohort.file("a", 0));
    cohort.workbook.renamed = [("before".to_owned(), name.clone())].into();
    let old = cohort.dir.path().join("a/exercises/00_older");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("before.rs"), "pub fn older() {}").unwrap();
    let progress = cohort.dir.path().join("a/.tokiolings/progress.toml");
    let text = fs::read_to_string(&progress).unwrap();
    let claim = "[steps.before]\nstate = \"solved\"\nattempts = 7\n\n# end of progress";
    fs::write(&progress, text.replace("# end of progress", claim)).unwrap();
    let found = |scanned: &Scanned| {
        let Found::Text(at) = cells(scanned, 0)[0].found else { panic!("a text") };
        scanned.texts[at as usize].hash.clone()
    };
    assert_ne!(found(&cohort.scan()), hash_of("pub fn older() {}"), "what has the name of today counts");

    fs::remove_file(&path).unwrap();
    let scanned = cohort.scan();
    assert_eq!(found(&scanned), hash_of("pub fn older() {}"));
    assert_eq!(cells(&scanned, 0)[0].claim.as_ref().unwrap().recorded.attempts, 7);
    let roster = Roster::of_folder(cohort.dir.path()).unwrap();
    let again = |names: &[&str]| {
        text_of(cohort.exercise(0), names, &hash_of("pub fn older() {}"), &[&roster.places[0]])
    };
    assert_eq!(again(&["before"]).unwrap(), "pub fn older() {}");
    assert_eq!(again(&[]).unwrap_err(), "does not exist");
}

#[test]
fn a_workspace_is_found_in_the_folder_or_one_below_and_never_above() {
    let cohort = Cohort::of(&["plain", "clone/tokiolings"]);
    let path = |below: &str| cohort.dir.path().join(below);
    fs::create_dir_all(path("empty")).unwrap();
    fs::create_dir_all(path("linked")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("../plain", path("linked/tokiolings")).unwrap();
    // The cohort's own folder is a workspace, too: that is nobody's.
    Workspace::init(cohort.dir.path(), &cohort.workbook).unwrap();
    let scanned = cohort.scan();
    let problem = |name: &str| {
        let learner = scanned.learners.iter().find(|learner| learner.name == name).unwrap();
        learner.cells.as_ref().err().cloned()
    };
    assert_eq!((problem("plain"), problem("clone")), (None, None));
    assert_eq!(problem("empty").unwrap(), "no workspace in it: neither exercises/ nor tokiolings/exercises/");
    #[cfg(unix)]
    assert_eq!(problem("linked").unwrap(), "tokiolings/ is a symbolic link, which is not followed");
}

#[test]
fn claims_are_read_and_only_believed_where_they_can_be() {
    let cohort = Cohort::of(&["a", "b"]);
    let store = |learner: &str| cohort.dir.path().join(learner).join(".tokiolings/progress.toml");
    let exercise = cohort.exercise(0);
    let claims = |time: &str| {
        format!(
            "schema = 1\nlearner = \"x\"\n[steps.{}]\nstate = \"solved\"\nsolved_at = \"{time}\"\nattempts = 7\nhints = 2\n\
             source = \"{}\"\nhidden = \"{}\"\n# end of progress\n",
            exercise.name,
            hash_of(&exercise.starter),
            hidden_hash(exercise)
        )
    };
    fs::write(store("a"), claims("2026-01-05T10:00:00Z")).unwrap();
    fs::remove_file(store("b")).unwrap();
    let scanned = cohort.scan();
    let claim = cells(&scanned, 0)[0].claim.clone().unwrap();
    let Recorded { state, attempts, hints, .. } = claim.recorded;
    assert_eq!((state, attempts, hints), (crate::workspace::State::Solved, 7, 2));
    assert!(claim.of_this_text);
    assert_eq!(claim.recorded.solved_at.as_deref(), Some("2026-01-05T10:00:00Z"));
    assert_eq!(cells(&scanned, 1)[0].claim, None);
    assert!(
        scanned.learners[1].notes[0].contains("progress.toml does not exist"),
        "{:?}",
        scanned.learners[1].notes
    );
    fs::write(store("a"), claims("<b>soon</b>")).unwrap();
    assert_eq!(cells(&cohort.scan(), 0)[0].claim.clone().unwrap().recorded.solved_at, None);
    fs::write(store("a"), "garbage").unwrap();
    let damaged = cohort.scan();
    assert_eq!(cells(&damaged, 0)[0].claim, None);
    assert_eq!(damaged.learners[0].notes.len(), 2, "the file and the one before it");
}

#[test]
fn times_that_cannot_be_are_no_times() {
    let possible = |time| is_possible(time, "2026-02-02T00:00:00Z");
    assert!(possible("2026-02-01T23:59:59Z"));
    for time in [
        "2026-02-03T00:00:00Z",
        "1999-01-01T00:00:00Z",
        "2025-13-01T00:00:00Z",
        "2025-01-32T00:00:00Z",
        "2025-01-00T00:00:00Z",
        "2025-01-01",
        "2025-01-01T00:00:00+1",
        "２025-01-01T00:00Z",
        "",
    ] {
        assert!(!possible(time), "{time}");
    }
}

#[test]
fn a_text_is_read_again_from_whoever_still_has_it() {
    let cohort = Cohort::of(&["a", "b"]);
    let roster = Roster::of_folder(cohort.dir.path()).unwrap();
    let (exercise, places) = (cohort.exercise(0), roster.places.iter().collect::<Vec<_>>());
    let hash = hash_of(&exercise.starter);
    fs::write(cohort.file("a", 0), "changed").unwrap();
    assert_eq!(text_of(exercise, &[], &hash, &places).as_deref(), Ok(exercise.starter.as_str()));
    assert_eq!(
        text_of(exercise, &[], &hash, &places[..1]).unwrap_err(),
        "was changed while the cohort was graded"
    );
    fs::remove_file(cohort.file("b", 0)).unwrap();
    assert_eq!(text_of(exercise, &[], &hash, &places[1..]).unwrap_err(), "does not exist");
}

#[test]
fn an_untouched_starter_stands_as_such() {
    let graded = super::super::sample::cohort();
    let cells = graded.learners[1].cells.as_deref().unwrap();
    assert_eq!(graded.standing(&cells[0]), Standing::Untouched);
}
