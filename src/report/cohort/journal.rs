//! What an unfinished run has found so far: a header, then a line of JSON for each text that was graded. Lines are only
//! ever added; a run that is killed loses at most the line that it was writing. The journal of a run that has ended is
//! removed, so that a later run takes nothing from it that a busy machine may have decided.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::Error;
use super::model::{Column, Graded};
use super::wire::WireGraded;

const SCHEMA: &str = "tokiolings/cohort-journal/v1";

/// Between two waits for the disk. A power cut costs the gradings of this time; a kill costs none.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// What a journal's lines hold true for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    schema: String,
    tool: String,
    workbook: String,
    confined: bool,
    /// The seed that was named, by its fingerprint. Without one each machine has its own, and a run may go on elsewhere.
    #[serde(default)]
    seed: String,
}

impl Header {
    /// Of this version of the program; `seed` is the fingerprint of the one that was named, or empty.
    #[must_use]
    pub fn new(workbook: &str, confined: bool, seed: &str) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            workbook: workbook.to_owned(),
            confined,
            seed: seed.to_owned(),
        }
    }

    fn line(&self) -> String {
        serde_json::to_string(self).expect("strings and booleans are valid JSON") + "\n"
    }
}

/// A journal that is written to. It is locked: two runs never share one.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
    synced: Instant,
}

/// A journal that was opened, with what an interrupted run left in it.
#[derive(Debug)]
pub struct Opened {
    /// To write to.
    pub journal: Journal,
    /// What is known already.
    pub known: Vec<Graded>,
    /// Lines that could not be read; their texts are graded again.
    pub lost: usize,
}

impl Journal {
    /// Opens a journal, or begins one.
    ///
    /// # Errors
    /// It cannot be written, another run holds it, or it is no journal of such a run: then nothing in it is touched.
    pub fn open(path: &Path, header: &Header, exercises: &[Column]) -> Result<Opened, Error> {
        let written = |source| Error::Write { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(written)?;
        }
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = file.map_err(written)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::Busy(path.to_owned())),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(written(error)),
        }
        let mut journal = Self { file, path: path.to_owned(), synced: Instant::now() };
        let read = journal.read(header, exercises)?;
        // What a killed run had not finished writing would spoil the line behind it.
        journal.file.set_len(read.whole).map_err(written)?;
        journal.file.seek(SeekFrom::End(0)).map_err(written)?;
        if read.whole == 0 {
            journal.write(&header.line())?;
        }
        Ok(Opened { journal, known: read.known, lost: read.lost })
    }

    fn read(&self, header: &Header, exercises: &[Column]) -> Result<Read, Error> {
        let mut read = Read::default();
        let mut reader = BufReader::new(&self.file);
        let mut line = Vec::new();
        loop {
            line.clear();
            let length = reader
                .read_until(b'\n', &mut line)
                .map_err(|source| Error::Read { path: self.path.clone(), source })?;
            if length == 0 {
                return Ok(read);
            }
            let torn = line.last() != Some(&b'\n');
            if read.whole == 0 {
                if torn && header.line().as_bytes().starts_with(&line) {
                    return Ok(read);
                }
                self.compare(header, &line)?;
            } else if torn {
                read.lost += 1;
                return Ok(read);
            } else {
                let graded = serde_json::from_slice::<WireGraded>(&line).ok();
                match graded.and_then(|wire| wire.into_model(exercises).ok()) {
                    Some(graded) => read.known.push(graded),
                    None => read.lost += 1,
                }
            }
            read.whole += length as u64;
        }
    }

    fn compare(&self, header: &Header, line: &[u8]) -> Result<(), Error> {
        let other = |what: &str| Err(Error::Journal { path: self.path.clone(), what: what.to_owned() });
        match serde_json::from_slice::<Header>(line) {
            Err(_) => other("it is not the journal of a cohort"),
            Ok(found) if found == *header => Ok(()),
            Ok(found) if found.schema != header.schema => other("it has a different format"),
            Ok(found) if found.tool != header.tool => other("a different version of tokiolings began it"),
            Ok(found) if found.workbook != header.workbook => {
                other("it is for a different workbook, or a different version")
            }
            Ok(found) if found.confined != header.confined => {
                other("it was begun with a different --unconfined")
            }
            Ok(_) => other("it was begun with a different --seed, or without one"),
        }
    }

    /// Adds what was found about a text. What the machine lacked is not kept: the next run tries again.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn add(&mut self, graded: &Graded, exercises: &[Column]) -> Result<(), Error> {
        if graded.problem.is_some() {
            return Ok(());
        }
        let wire = WireGraded::of(graded, exercises);
        self.write(&(serde_json::to_string(&wire).expect("strings and finite numbers are valid JSON") + "\n"))
    }

    fn write(&mut self, line: &str) -> Result<(), Error> {
        let mut write = || {
            self.file.write_all(line.as_bytes())?;
            if self.synced.elapsed() >= SYNC_EVERY {
                self.file.sync_data()?;
                self.synced = Instant::now();
            }
            Ok(())
        };
        write().map_err(|source| Error::Write { path: self.path.clone(), source })
    }

    /// Removes the journal of a run whose results are written.
    ///
    /// # Errors
    /// It cannot be removed.
    pub fn finish(self) -> Result<(), Error> {
        fs::remove_file(&self.path).map_err(|source| Error::Write { path: self.path.clone(), source })
    }
}

#[derive(Default)]
struct Read {
    known: Vec<Graded>,
    lost: usize,
    /// So many bytes are whole lines.
    whole: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::cohort::sample;

    fn open(path: &Path) -> Opened {
        Journal::open(path, &Header::new("w", true, ""), &sample::cohort().exercises).expect("opened")
    }

    fn begun() -> (tempfile::TempDir, PathBuf, Vec<Graded>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below/journal.jsonl");
        let cohort = sample::cohort();
        let mut journal = open(&path).journal;
        for graded in &cohort.submissions {
            journal.add(graded, &cohort.exercises).unwrap();
        }
        (folder, path, cohort.submissions)
    }

    #[test]
    fn what_was_found_is_found_again() {
        let (_folder, path, submissions) = begun();
        let again = open(&path);
        assert_eq!((again.known, again.lost), (submissions, 0));
        again.journal.finish().unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn cut_off_anywhere_only_the_last_line_is_lost_and_writing_goes_on() {
        let (_folder, path, submissions) = begun();
        let whole = fs::read(&path).unwrap();
        let exercises = sample::cohort().exercises;
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let mut again = open(&path);
            let lines = whole[..length].iter().filter(|byte| **byte == b'\n').count();
            assert_eq!(again.known, submissions[..lines.saturating_sub(1)], "cut at {length}");
            again.journal.add(&submissions[0], &exercises).unwrap();
            drop(again);
            assert_eq!(open(&path).known.last(), Some(&submissions[0]), "cut at {length}");
        }
    }

    #[test]
    fn a_garbled_line_costs_itself_alone() {
        let (_folder, path, submissions) = begun();
        let text = fs::read_to_string(&path).unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1] = "{\"exercise\":7}";
        fs::write(&path, lines.join("\n") + "\n").unwrap();
        let again = open(&path);
        assert_eq!((again.known, again.lost), (submissions[1..].to_vec(), 1));
    }

    #[test]
    fn a_file_that_is_no_such_journal_is_left_alone() {
        let (_folder, path, _) = begun();
        let exercises = sample::cohort().exercises;
        for header in
            [Header::new("other", true, ""), Header::new("w", false, ""), Header::new("w", true, "s")]
        {
            assert!(matches!(Journal::open(&path, &header, &exercises), Err(Error::Journal { .. })));
        }
        fs::write(&path, "my thesis").unwrap();
        assert!(matches!(
            Journal::open(&path, &Header::new("w", true, ""), &exercises),
            Err(Error::Journal { .. })
        ));
        assert_eq!(fs::read_to_string(&path).unwrap(), "my thesis");
    }

    #[test]
    fn two_runs_never_share_a_journal() {
        let (_folder, path, _) = begun();
        let _first = open(&path);
        let second = Journal::open(&path, &Header::new("w", true, ""), &sample::cohort().exercises);
        assert!(matches!(second, Err(Error::Busy(_))));
    }

    #[test]
    fn what_the_machine_lacked_is_tried_again() {
        let (_folder, path, submissions) = begun();
        let mut again = open(&path);
        let broken = Graded { problem: Some("no linker".into()), ..submissions[0].clone() };
        again.journal.add(&broken, &sample::cohort().exercises).unwrap();
        drop(again);
        assert_eq!(open(&path).known, submissions);
    }
}
