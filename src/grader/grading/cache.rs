//! Verdicts by content: the same text against the same tests with the same compiler has the same verdict.

use std::fs;
use std::path::{Path, PathBuf};

use crate::grader::bench::draws::Seed;
use crate::grader::bench::options::Options;
use crate::grader::store::files;
use crate::grader::store::home::Home;
use crate::grader::toolchain::Toolchain;
use crate::verdict::{Verdict, wire};
use crate::workbook::{Exercise, MAX_SOURCE, Workbook};

/// Changed whenever the grader would judge the same content in another way.
const VERSION: u32 = 7;

/// Verdicts kept in each of 256 folders; beyond that the older half goes. 16,384 in all, some 2 KiB each.
const MAX_IN_FOLDER: usize = 64;

/// Names everything that went into a verdict.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::grader) struct Key(String);

impl Key {
    pub(in crate::grader) fn new(
        workbook: &Workbook,
        toolchain: &Toolchain,
        exercise: &Exercise,
        source: &str,
        options: &Options,
        seed: Option<&Seed>,
    ) -> Self {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &str| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        };
        add(&VERSION.to_string());
        add(env!("CARGO_PKG_VERSION"));
        add(&toolchain.version);
        add(&format!("{MAX_SOURCE} {:?} {}", options.compile_limit, options.confinement.is_some()));
        add(&seed.map(Seed::fingerprint).unwrap_or_default());
        add(&format!("{:?}", workbook.dependencies));
        for (path, text) in &workbook.testkit {
            add(path);
            add(text);
        }
        let Exercise {
            name,
            chapter,
            needs,
            program,
            deny,
            clippy,
            allow_unsafe,
            limit,
            cpu,
            subject,
            hidden,
            ..
        } = exercise;
        add(&format!(
            "{name} {chapter} {needs:?} {program} {deny:?} {clippy:?} {allow_unsafe} {limit:?} {cpu:?} {subject:?}"
        ));
        add(&hidden.source);
        add(source);
        Self(hasher.finalize().to_hex().to_string())
    }

    fn path(&self, home: &Home) -> PathBuf {
        home.path().join("verdicts").join(&self.0[..2]).join(format!("{}.json", &self.0[2..]))
    }
}

/// The verdict of an earlier grading of the same content.
pub(in crate::grader) fn load(home: &Home, key: &Key, exercise: &Exercise) -> Option<Verdict> {
    let bytes = fs::read(key.path(home)).ok()?;
    let verdict = wire::Verdict::read(&bytes).ok()?;
    (verdict.exercise == exercise.name && verdict.chapter == exercise.chapter).then_some(verdict)
}

/// Keeps a verdict. A cache that cannot be written only costs time, so failures are not reported.
pub(in crate::grader) fn store(home: &Home, key: &Key, verdict: &Verdict) {
    let path = key.path(home);
    let Some(folder) = path.parent() else { return };
    if fs::create_dir_all(folder).is_err() {
        return;
    }
    prune(folder);
    let _ = files::write_whole(&path, wire::Verdict::from(verdict).to_json().as_bytes());
}

fn prune(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut files: Vec<_> = entries
        .flatten()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    if files.len() < MAX_IN_FOLDER {
        return;
    }
    files.sort();
    for (_, path) in &files[..files.len() / 2] {
        let _ = fs::remove_file(path);
    }
}
